#!/bin/sh
# Makes prebuilds/linux-ARCH/kmsg.LIBC.node, as index.js looks for it, for the machine that $CXX builds for. For
# another architecture than this one: `CXX=aarch64-linux-gnu-g++ sh prebuild/prebuild.sh`. For musl: on Alpine.
set -eu
cd "$(dirname "$0")/.."
export CXX="${CXX:-g++}"

machine=$($CXX -dumpmachine)
case $machine in
x86_64-*) arch=x64 ;;
aarch64-*) arch=arm64 ;;
*)
  echo "native: no prebuilt addon for $machine; it is built from source there" >&2
  exit 1
  ;;
esac
case $machine in
*-musl*) libc=musl ;;
*) libc=glibc ;;
esac

target=prebuilds/linux-$arch/kmsg.$libc.node
. ./node-headers.sh
key=$({
  $CXX --version
  echo "${CXXFLAGS:-} ${LDFLAGS:-} $nodedir"
  cat node-headers.sh src/binding.gyp prebuild/* src/*/*
} | sha256sum)
stamp=build/prebuild-$arch-$libc.key
if [ -f $target ] && [ "$(cat $stamp 2>/dev/null)" = "$key" ]; then exit 0; fi

work=$PWD/build/prebuild-$arch-$libc
log=$(mktemp)
trap 'rm -rf "$work" "$log" "${link:-}"' EXIT
rm -rf "$work"
mkdir -p "$work"
cp -R package.json src prebuild/glibc.h "$work"

# -s: without the names of functions that nobody outside calls.
export LDFLAGS="-s ${LDFLAGS:-}" CXXFLAGS="-Werror ${CXXFLAGS:-}"
[ $libc = musl ] || export CXXFLAGS="-include ../../glibc.h ${CXXFLAGS:-}"
plain_nodedir
if ! (cd "$work" && node-gyp rebuild -C src --arch=$arch --jobs=max ${nodedir:+"--nodedir=$nodedir"}) >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi

mkdir -p "${target%/*}"
# Elsewhere segments begin at 64 KiB, and the size goes by such steps.
if [ $arch = x64 ]; then sh prebuild/check-size.sh "$work/src/build/Release/kmsg.node"; fi
if [ $libc = glibc ]; then sh prebuild/check-glibc.sh "$work/src/build/Release/kmsg.node"; fi
mv "$work/src/build/Release/kmsg.node" $target
echo "$key" >$stamp
echo "native: built $target"
