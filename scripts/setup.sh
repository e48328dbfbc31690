#!/bin/sh
# The set-up of a fresh clone: dependencies (with the pinned Node) and the build. Quick when nothing changed. `start`: only
# what the agent is built with and runs on; without it also what the tests, the benchmarks and the published package need.
set -eu
cd "$(dirname "$0")/.."
export TURBO_TELEMETRY_DISABLED=1 DO_NOT_TRACK=1
what=${1:-all}

# Whether what was installed is of this lockfile and has this program.
has() { [ node_modules/.package-lock.json -nt package-lock.json ] && [ -x "node_modules/.bin/$1" ]; }

install() {
  # A HOME that cannot be written has no room for npm's cache.
  cache=$(npm config get cache)
  if ! mkdir -p "$cache" 2>/dev/null || ! [ -w "$cache" ]; then
    npm_config_cache=$(mktemp -d)
    export npm_config_cache
    trap 'rm -rf "$npm_config_cache"' EXIT
  fi
  npm ci --no-audit --no-fund --loglevel=error "$@"
}

if [ "$what" = start ]; then
  if ! has node-gyp || ! has tsc; then
    echo 'setting up: what the agent needs, once' >&2
    part='--include-workspace-root --workspace=oomwatcher --workspace=native'
    # Whoever has the test tools keeps them when the lockfile is newer.
    [ ! -x node_modules/.bin/vitest ] || part=
    # shellcheck disable=SC2086 # the words of it
    install $part >&2
  fi
  PATH="$PWD/node_modules/.bin:$PATH"
  # A compiler of its own: the addon is done by the time the rest is.
  sh native/build.sh >&2 &
  addon=$!
  tsc -b packages/agent
  node packages/dashboard/scripts/assets.ts
  wait "$addon"
else
  # Of the test workspace: an installation for `start`, or of native/prebuild/on-a-machine.sh, is only a part.
  has vitest && has turbo || install
  PATH="$PWD/node_modules/.bin:$PATH" turbo run build bundle --output-logs=errors-only --log-prefix=none
fi
