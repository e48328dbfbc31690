#!/bin/sh
# Fails unless everything that is to be published belongs together. Argument: the tag, as v0.1.0.
set -eu
cd "$(dirname "$0")/.."
tag=$1

for folder in native packages/oom packages/logs packages/kmsg packages/watcher packages/agent; do
  version=$(node -p "require('./$folder/package.json').version")
  if [ "v$version" != "$tag" ]; then
    echo "$folder has version $version, the tag is $tag" >&2
    exit 1
  fi
done
for target in linux-x64/kmsg.glibc linux-x64/kmsg.musl linux-arm64/kmsg.glibc linux-arm64/kmsg.musl; do
  if [ ! -f "native/prebuilds/$target.node" ]; then
    echo "native/prebuilds/$target.node is missing: the prebuild workflow makes it" >&2
    exit 1
  fi
done
