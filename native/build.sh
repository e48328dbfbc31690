#!/bin/sh
# Builds build/Release/kmsg.node when its sources, the compiler or Node's headers have changed since the last time.
# Arguments go to gyp: `npm run build -- -Daddress_sanitizer=true`.
set -eu
cd "$(dirname "$0")"

log=$(mktemp)
trap 'rm -rf src/build "$log" "${link:-}"' EXIT

without_addon() {
  if [ "${OOMWATCHER_REQUIRE_ALL:-}" = 1 ]; then
    echo "native: $1, the addon cannot be built" >&2
    exit 1
  fi
  echo "native: $1, the addon is not built; the portable source will be used"
  exit 0
}

platform=$(node -p process.platform)
[ "$platform" = linux ] || without_addon "this is $platform, and the addon reads the kernel log of Linux"

for tool in "${CXX:-g++}" make python3; do
  command -v "$tool" >/dev/null || without_addon "$tool is missing"
done

. ./node-headers.sh

key=$({
  uname -sm
  "${CXX:-g++}" --version
  echo "${BUILD_TARGET:-} ${CXXFLAGS:-} ${LDFLAGS:-} $nodedir $*"
  cat build.sh node-headers.sh src/binding.gyp src/*/*
} | sha256sum)
stamp=build/Release/kmsg.key
if [ -f build/Release/kmsg.node ] && [ "$(cat $stamp 2>/dev/null)" = "$key" ]; then exit 0; fi

if [ -z "$nodedir" ] && ! node-gyp install --ensure >"$log" 2>&1; then
  without_addon "Node's headers are missing and could not be downloaded"
fi

plain_nodedir
# Here, not in binding.gyp: another compiler's warning must not keep it from being built elsewhere.
export CXXFLAGS="-Werror ${CXXFLAGS:-}"
# Always rebuild: `node-gyp build` needs the Makefile of an earlier configure, and objects of another platform would stay.
if ! node-gyp rebuild -C src --jobs=max ${nodedir:+"--nodedir=$nodedir"} -- "$@" >"$log" 2>&1; then
  cat "$log" >&2
  echo "native: the addon did not compile, see above" >&2
  exit 1
fi
# binding.gyp, and with it the build, is below src/: in the root of a package pnpm, Yarn and npm build it at installation.
mkdir -p build/Release
mv src/build/Release/kmsg.node build/Release/
echo "$key" >$stamp
echo "native: built build/Release/kmsg.node"
