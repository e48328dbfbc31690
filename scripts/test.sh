#!/bin/sh
# Sets everything up and runs every test; the last lines name what was skipped, and why, and count. OOMWATCHER_REQUIRE_ALL=1
# makes a skip a failure. OOMWATCHER_NODE=FOLDER runs the tests on the Node of that folder instead of the pinned one.
# With arguments only what vitest finds by them: `npm test -- parse.test.ts`.
set -eu
cd "$(dirname "$0")/.."
export TURBO_TELEMETRY_DISABLED=1 DO_NOT_TRACK=1

sh scripts/setup.sh
PATH="$PWD/node_modules/.bin:$PATH"
[ -z "${OOMWATCHER_NODE:-}" ] || PATH="$OOMWATCHER_NODE:$PATH"
if [ $# -gt 0 ]; then exec node node_modules/vitest/vitest.mjs run "$@"; fi
find . -path ./node_modules -prune -o -path '*/test-results/*' -type f -exec rm -f {} +

project() { # name, folder
  mkdir -p "$2/test-results"
  node node_modules/vitest/vitest.mjs run --project "$1" --outputFile.json="$2/test-results/vitest.json"
}

# One after the other: they flood the kernel's log, and would read each other's floods.
on_the_log() {
  status=0
  project kmsg packages/kmsg || status=1
  project watcher packages/watcher || status=1
  project native native || status=1
  project test test || status=1
  return $status
}

beside_it() {
  status=0
  sh native/test/test.sh || status=1
  for name in agent dashboard explain journal kubernetes logs oom; do
    project $name packages/$name || status=1
  done
  project benchmarks benchmarks || status=1
  return $status
}

beside=$(mktemp)
trap 'rm -f "$beside"' EXIT
beside_it >"$beside" 2>&1 &
other=$!
status=0
on_the_log || status=1
wait "$other" || status=1
cat "$beside"
node scripts/test-summary.mjs || status=1
exit "$status"
