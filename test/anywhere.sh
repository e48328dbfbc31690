#!/usr/bin/env bash
# Runs `npm start` and `npm test` in the surroundings that newcomers have, each in a fresh clone of this checkout's HEAD:
#
#   test/anywhere.sh [--built | --start] [SURROUNDING...]
#
# --built: in this very tree, which is built, and only the tests that ask the machine for something. --start: `npm start`
# alone. As root, on a machine whose kernel log can be read; never beside another test run. A surrounding that cannot be made here is named with its
# reason, and fails where OOMWATCHER_REQUIRE_ALL=1. What is changed is a mount namespace's own, and ends with it.
set -euo pipefail
cd "$(dirname "$0")/.."
checkout=$PWD

all=(root container user no-compiler quota noise node-22 node-24 node-26 own-node path home)

built=
start_only=
case "${1:-}" in
  --built) built=1 && shift ;;
  --start) start_only=1 && shift ;;
esac
[ $# -gt 0 ] || set -- "${all[@]}"

# `npm start` shows kills within so long, the set-up included. It ends what hangs: a busy machine has it too.
start_seconds=${OOMWATCHER_START_SECONDS:-900}

work=$(mktemp -d "${TMPDIR:-/tmp}/oomwatcher-anywhere-XXXXXX")
chmod 755 "$work"
background=()
cleanup() {
  for pid in "${background[@]}"; do kill "$pid" 2>/dev/null || :; done
  wait
  [ -z "${quota_group:-}" ] || rmdir "$quota_group" || :
  rm -rf "$work"
}
trap cleanup EXIT

say() { printf '== %s\n' "$*"; }

failures=0
fail() {
  say "FAILED $*"
  failures=$((failures + 1))
}

# What is put in front of the commands, and what they find.
reset() {
  wrap=()
  environment=()
  folder=$work/$surrounding/clone
  live=1 # the node's own kills are shown, not the recording's
}

impossible() {
  say "skipped $surrounding: $1"
  [ "${OOMWATCHER_REQUIRE_ALL:-}" != 1 ] || failures=$((failures + 1))
  return 1
}

in_mounts() { # shell commands, which run before the command in a mount namespace of its own
  unshare --mount true 2>/dev/null || impossible 'needs unshare(1) and the right to mount' || return 1
  wrap=(unshare --mount sh -ec "$1
exec \"\$@\"" sh)
}

surround_root() { :; }

# Docker's and containerd's default: their devices, their capabilities, what they mount read-only.
surround_container() {
  live=
  local capabilities=-all name
  for name in chown dac_override fowner fsetid kill setgid setuid setpcap net_bind_service net_raw sys_chroot mknod \
    audit_write setfcap; do capabilities+=,+$name; done
  in_mounts "
    dev=\$(mktemp -d)
    mount -t tmpfs -o mode=755 tmpfs \$dev
    for node in null:3 zero:5 full:7 random:8 urandom:9; do mknod -m 666 \$dev/\${node%:*} c 1 \${node#*:}; done
    mknod -m 666 \$dev/tty c 5 0
    ln -s /proc/self/fd \$dev/fd
    mkdir -m 1777 \$dev/shm && mount -t tmpfs tmpfs \$dev/shm
    mkdir \$dev/pts && mount --rbind /dev/pts \$dev/pts
    mount --move \$dev /dev 2>/dev/null || mount --rbind \$dev /dev
    cut -d ' ' -f 2 /proc/self/mounts | grep '^/sys/fs/cgroup' | while read -r mounted; do
      mount -o remount,bind,ro \$mounted
    done
    mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys
  "
  wrap+=(setpriv --inh-caps=-all "--bounding-set=$capabilities")
}

surround_user() {
  live=
  [ "$(cat /proc/sys/kernel/dmesg_restrict)" = 1 ] || impossible 'needs kernel.dmesg_restrict=1' || return 1
  mkdir -p "$work/$surrounding/home"
  chown 65534:65534 "$work/$surrounding" "$work/$surrounding/home"
  wrap=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  environment=("HOME=$work/$surrounding/home")
}

surround_no-compiler() {
  in_mounts "
    for name in cc gcc g++ c++ clang clang++ make; do
      while found=\$(command -v \$name); do mount --bind /dev/null \$(readlink -f \$found); done
    done
  "
}

# Half a core, while two busy loops outside take the rest.
surround_quota() {
  local controllers
  controllers=$(awk '$3 == "cgroup" && $4 ~ /(^|,)cpu(,|$)/ { print $2; exit } $3 == "cgroup2" { v2 = $2 } END { print v2 }' \
    /proc/self/mounts | head -n 1)
  quota_group=$controllers/oomwatcher-quota-$$
  mkdir "$quota_group" 2>/dev/null || impossible "needs a cpu hierarchy that may be written" || return 1
  if [ -f "$quota_group/cpu.cfs_quota_us" ]; then
    echo 100000 >"$quota_group/cpu.cfs_period_us"
    echo 50000 >"$quota_group/cpu.cfs_quota_us"
  else
    echo '50000 100000' >"$quota_group/cpu.max" || impossible 'needs the cpu controller at the root' || return 1
  fi
  for _ in 1 2; do
    sh -c 'while :; do :; done' &
    background+=($!)
  done
  wrap=(sh -ec "echo \$\$ >'$quota_group/cgroup.procs'; exec \"\$@\"" sh)
}

surround_noise() {
  node "$checkout/test/noise.ts" &
  background+=($!)
}

# The machine's own Node and npm are these; the checkout pins its own for all that it runs.
surround_node() { # version of Node, of its npm
  local tools=$work/$surrounding/tools
  mkdir -p "$tools"
  npm install --prefix "$tools" --no-save --no-audit --no-fund --loglevel=error "node@$1" "npm@$2" >/dev/null ||
    impossible "needs npm's registry" || return 1
  environment=("PATH=$tools/node_modules/.bin:$PATH")
}
surround_node-22() { surround_node 22 10; }
surround_node-24() { surround_node 24 11; }
surround_node-26() { surround_node 26 11; }

# The suite's own Node too.
surround_own-node() {
  surround_node 26 11 || return 1
  environment+=("OOMWATCHER_NODE=$work/$surrounding/tools/node_modules/.bin")
}

surround_path() { folder="$work/$surrounding/ein Ordner, größer – 目录"; }

surround_home() {
  mkdir -p "$work/$surrounding/home"
  in_mounts "mount -t tmpfs -o ro,mode=555 tmpfs '$work/$surrounding/home'"
  environment=("HOME=$work/$surrounding/home")
}

run() { (cd "$folder" && exec "${wrap[@]}" env "${environment[@]}" "$@"); }

clone() {
  [ -n "$built" ] && folder=$checkout && return
  mkdir -p "$(dirname "$folder")"
  git clone --quiet "$checkout" "$folder"
  [ "$surrounding" != user ] || chown -R 65534:65534 "$folder"
}

# The first kill that `npm start` shows: one of this node, which is caused again and again, or of the recording.
check_start() {
  local log=$work/$surrounding/start.log state=$work/$surrounding/state began=$SECONDS shown=
  : >"$log"
  (cd "$folder" && exec setsid "${wrap[@]}" env "${environment[@]}" \
    npm start -- --listen 127.0.0.1:0 --state-dir "$state") >"$log" 2>&1 &
  local pid=$!
  while kill -0 $pid 2>/dev/null && [ $((SECONDS - began)) -lt "$start_seconds" ]; do
    if grep -q 'OOM kill  ' "$log"; then
      shown=1
      break
    fi
    # The watch is live: no kill comes by itself.
    if [ -n "$live" ] && grep -q watching "$log"; then
      "$folder/node_modules/.bin/oomwatcher" demo --listen none >/dev/null 2>&1 || :
    fi
    sleep 0.5
  done
  if [ -z "$live" ] && [ -n "$shown" ]; then
    local url
    url=$(grep -o 'http://127.0.0.1:[0-9]*' "$log" | head -n 1)
    curl -sf "$url/api/v1/status" | grep -q '"recording":"recorded on' || fail "$surrounding: the page does not say that it is a recording"
    grep -m 1 'recorded on' "$log" | cut -c 1-400
  fi
  kill -INT -- -$pid 2>/dev/null || :
  local status=0
  wait $pid || status=$?
  if [ -n "$shown" ]; then
    say "$surrounding: npm start showed a kill after $((SECONDS - began)) s, and ended with $status"
  else
    tail -n 20 "$log"
    fail "$surrounding: npm start showed no kill"
  fi
}

check_test() {
  local log=$work/$surrounding/test.log began=$SECONDS status=0
  if [ -n "$built" ]; then
    local summary=$work/$surrounding/vitest.json
    : >"$summary" && chmod 666 "$summary"
    # Vite's own loader of its configuration writes into node_modules, which an ordinary user may not.
    run env -u OOMWATCHER_REQUIRE_ALL "PATH=$folder/node_modules/.bin:$PATH" vitest run --configLoader runner --project kmsg --project watcher \
      --project journal --project test --outputFile.json="$summary" >"$log" 2>&1 || status=$?
    env -u OOMWATCHER_REQUIRE_ALL "PATH=$folder/node_modules/.bin:$PATH" node scripts/test-summary.mjs "$summary" >>"$log" || status=1
  else
    run env -u OOMWATCHER_REQUIRE_ALL npm test >"$log" 2>&1 || status=$?
  fi
  grep -aE '^(skipped|failed): ' "$log" || :
  tail -n 8 "$log"
  [ $status = 0 ] || {
    grep -aE 'FAIL|AssertionError|Error: ' "$log" | head -n 40 || :
    fail "$surrounding: npm test ended with $status"
  }
  # Of each skip the reason.
  ! grep -aE '^skipped: ' "$log" | grep -v '(skipped: ' || fail "$surrounding: a skip without a reason"
  say "$surrounding: npm test took $((SECONDS - began)) s"
}

for surrounding; do
  case " ${all[*]} " in *" $surrounding "*) ;; *) echo "no surrounding $surrounding: there are ${all[*]}" >&2 && exit 2 ;; esac
  say "$surrounding"
  mkdir -p "$work/$surrounding"
  reset
  "surround_$surrounding" || continue
  clone
  check_start
  [ -n "$start_only" ] || check_test
  for pid in "${background[@]}"; do
    kill "$pid" 2>/dev/null || :
    wait "$pid" 2>/dev/null || :
  done
  background=()
  [ -n "$built" ] || rm -rf "$folder"
done
say "$failures failed"
[ "$failures" = 0 ]
