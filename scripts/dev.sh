#!/bin/sh
# Compiles what is edited, for as long as it runs: node_modules/.bin/oomwatcher is then the code as it was last saved. Without
# the bundle, which only the published package needs.
set -eu
cd "$(dirname "$0")/.."
sh scripts/setup.sh start
PATH="$PWD/node_modules/.bin:$PATH" exec tsc -b --watch --preserveWatchOutput packages/agent
