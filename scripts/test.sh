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

results=test-results
mkdir -p $results
vitest() { node node_modules/vitest/vitest.mjs run "$@"; }

# One file after the other: these kill, flood the kernel's log, or count what all of the machine have done there, and would
# read each other's. Which they are test/support/streams.ts tells from what they need.
on_the_log() {
  OOMWATCHER_TEST_STREAM=on-the-log vitest --no-file-parallelism --project '!published' \
    --outputFile.json=$results/on-the-log.json
}

# Two files at once, with a real API server each: they wait most of the time.
of_servers() {
  OOMWATCHER_TEST_STREAM=servers vitest --max-workers=2 --project '!published' \
    --outputFile.json=$results/of-servers.json
}

# The C++ tests, then those that each make and remove the addon that is published.
of_what_is_published() {
  status=0
  sh native/test/test.sh || status=1
  vitest --no-file-parallelism --project published --outputFile.json=$results/published.json || status=1
  return $status
}

# As many files at once as there are processors: the tests on the log mostly wait.
beside_them() {
  OOMWATCHER_TEST_STREAM=beside vitest --max-workers="$(getconf _NPROCESSORS_ONLN)" --project '!published' --outputFile.json=$results/beside-them.json
}

output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT
of_what_is_published >"$output/1" 2>&1 &
first=$!
beside_them >"$output/2" 2>&1 &
second=$!
of_servers >"$output/3" 2>&1 &
third=$!
status=0
on_the_log || status=1
wait $first || status=1
wait $second || status=1
wait $third || status=1
cat "$output/1" "$output/2" "$output/3"
node scripts/test-summary.mjs $results/*.json native/test-results/cpp.txt || status=1
exit "$status"
