#!/bin/sh
# Sets everything up and runs every test; the last line counts them. OOMWATCHER_REQUIRE_ALL=1 makes a skip a failure. With
# arguments only what vitest finds by them: `npm test -- parse.test.ts`.
set -eu
cd "$(dirname "$0")/.."
export TURBO_TELEMETRY_DISABLED=1 DO_NOT_TRACK=1
PATH="$PWD/node_modules/.bin:$PATH"

sh scripts/setup.sh
if [ $# -gt 0 ]; then exec vitest run "$@"; fi
find . -path ./node_modules -prune -o -path '*/test-results/vitest.json' -exec rm -f {} +
status=0
# One at a time: tests on the real kernel log would read each other's floods and kills.
turbo run test --concurrency=1 --continue --log-order=stream --output-logs=new-only || status=$?
node scripts/test-summary.mjs || status=$?
exit "$status"
