# For the scenarios' scripts: cgroups on v2, processes that may be killed, and the command.

# make_cgroup PATH [LIMIT]: with all its parents, memory enabled on the way down.
make_cgroup() {
  at=/sys/fs/cgroup
  rest=${1#/}
  while [ -n "$rest" ]; do
    echo +memory > "$at/cgroup.subtree_control"
    at=$at/${rest%%/*}
    [ -d "$at" ] || mkdir "$at"
    case $rest in */*) rest=${rest#*/} ;; *) rest= ;; esac
  done
  [ -z "$2" ] || limit "$1" "$2"
}

limit() { echo "$2" > "/sys/fs/cgroup$1/memory.max"; }

# The storm's children inherit what its parent has; init's -1000 would make them immortal.
storm() { (echo 0 > /proc/self/oom_score_adj && exec /bin/storm "$@"); }

oomwatcher() { /app/node /app/node_modules/oomwatcher/bundle/main.js "$@"; }
