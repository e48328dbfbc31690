# For the scenarios' scripts: cgroups on v2, processes that may be killed, the command, and an agent beside the tried one.

fail() { echo "$1" >&2; exit 1; }

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

# The storm's children inherit what its parent has; init's -1000 would make them immortal. The machine's own deadline ends
# what hangs: beside other work a storm has taken over a minute here.
storm() { (echo 0 > /proc/self/oom_score_adj && exec /bin/storm --timeout 600 "$@"); }

app='/app/node /app/node_modules/oomwatcher/bundle/main.js'
oomwatcher() { $app "$@"; }

# second_agent COMMAND...: starts it, and waits until it watches.
second_agent() {
  # What the one before has said is not this one's.
  : > /tmp/second.ndjson
  : > /tmp/second.stderr
  "$@" > /tmp/second.ndjson 2> /tmp/second.stderr &
  second=$!
  trap 'kill -KILL $second 2> /dev/null || :' EXIT
  until grep -q '"kind":"watching"' /tmp/second.stderr; do
    [ -d /proc/$second ] || fail "$(cat /tmp/second.stderr)"
    usleep 50000
  done
}

# second_has KILLS: waits until it has reported so many; not for ever, and then more are as wrong as fewer.
second_has() {
  left=3000
  until [ "$(grep -c '"oomwatcher.kill/v1"' /tmp/second.ndjson)" -ge "$1" ] || [ $left = 0 ]; do
    usleep 100000
    left=$((left - 1))
  done
  sleep 2
  has=$(grep -c '"oomwatcher.kill/v1"' /tmp/second.ndjson)
  [ "$has" = "$1" ] || fail "$has kills, not $1: $(cat /tmp/second.stderr)"
}

second_ends() {
  kill -TERM $second
  wait $second || fail "ended with $?: $(cat /tmp/second.stderr)"
}

second_said() { grep -q "$1" /tmp/second.stderr || fail "$(cat /tmp/second.stderr)"; }
