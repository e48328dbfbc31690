#!/bin/sh
# Builds build/Release/kmsg.node when its sources, the compiler or Node's headers have changed since the last time.
# Arguments go to gyp: `npm run build -- -Daddress_sanitizer=true`.
set -eu
cd "$(dirname "$0")"

for tool in "${CXX:-g++}" make python3; do
  command -v "$tool" >/dev/null && continue
  if [ "${OOMWATCHER_REQUIRE_ALL:-}" = 1 ]; then
    echo "native: $tool is missing, the addon cannot be built" >&2
    exit 1
  fi
  echo "native: $tool is missing, the addon is not built; the portable source will be used"
  exit 0
done

# The npm package `node`, which pins the runtime, brings that runtime's headers: nothing is downloaded. Without it
# node-gyp decides.
nodedir=
for headers in ../node_modules/node/node_modules/node-*/include/node/node_api.h; do
  if [ -f "$headers" ]; then nodedir=$(cd "${headers%/include/node/node_api.h}" && pwd); fi
done

key=$({
  uname -sm
  "${CXX:-g++}" --version
  node --version
  echo "${BUILD_TARGET:-} ${CXXFLAGS:-} ${LDFLAGS:-} $nodedir $*"
  cat build.sh binding.gyp src/*/*
} | sha256sum)
stamp=build/Release/kmsg.key
if [ -f build/Release/kmsg.node ] && [ "$(cat $stamp 2>/dev/null)" = "$key" ]; then exit 0; fi

# Always rebuild: `node-gyp build` needs the Makefile of an earlier configure, and objects of another platform would stay.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! node-gyp rebuild --jobs=max ${nodedir:+"--nodedir=$nodedir"} -- "$@" >"$log" 2>&1; then
  cat "$log" >&2
  echo "native: the addon did not compile, see above" >&2
  exit 1
fi
echo "$key" >$stamp
echo "native: built build/Release/kmsg.node"
