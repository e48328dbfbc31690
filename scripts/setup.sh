#!/bin/sh
# All the set-up a fresh clone needs: dependencies (with the pinned Node) and the build. Quick when nothing changed.
set -eu
cd "$(dirname "$0")/.."
export TURBO_TELEMETRY_DISABLED=1 DO_NOT_TRACK=1

# native/prebuild/on-a-machine.sh installs a part only.
if [ ! node_modules/.package-lock.json -nt package-lock.json ] || [ ! -x node_modules/.bin/turbo ]; then
  npm ci --no-audit --no-fund --loglevel=error
fi
PATH="$PWD/node_modules/.bin:$PATH" turbo run build bundle --output-logs=errors-only --log-prefix=none
