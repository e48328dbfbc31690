#!/bin/sh
# prebuild.sh on a fresh machine with Node and npm: fetches what it needs, at the lockfile's versions, and nothing else.
# Scripts stay off: the npm package `node` would bring a Node that does not run on musl.
set -eu
cd "$(dirname "$0")/../.."
npm ci --ignore-scripts --no-audit --no-fund --workspace=native
PATH="$PWD/node_modules/.bin:$PATH" sh native/prebuild/prebuild.sh
