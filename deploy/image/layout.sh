#!/bin/sh
# Lays out the files of the image in an empty folder. Needs a built and bundled checkout, and the addon prebuilt.
# Arguments: the folder; where the addon is not the prebuilt one, its file.
set -eu
cd "$(dirname "$0")/../.."
image=$1
install -d -m 755 "$image"
image=$(cd "$image" && pwd)

# A program and the shared libraries that it names, where the dynamic linker looks for them.
add_program() { # file, path in the image
  install -D -m 755 "$1" "$image$2"
  ldd "$1" | grep -o '/[^ ]*' | sort -u | while read -r library; do
    install -D -m 755 "$(readlink -f "$library")" "$image$library"
  done
}

# The Node that the lockfile pins, not the one of the machine that builds.
add_program node_modules/node/bin/node /usr/bin/node
add_program "$(command -v setpriv)" /usr/bin/setpriv

install -d "$image/usr/lib/oomwatcher/bundle"
for file in packages/agent/bundle/*.js packages/agent/bundle/THIRD-PARTY-LICENSES.txt; do
  install -m 644 "$file" "$image/usr/lib/oomwatcher/bundle"
done
install -d "$image/usr/lib/oomwatcher/recordings"
install -m 644 packages/agent/recordings/storm.* "$image/usr/lib/oomwatcher/recordings"
install -m 644 packages/agent/package.json LICENSE "$image/usr/lib/oomwatcher"
install -D -m 755 deploy/image/oomwatcher "$image/usr/bin/oomwatcher"

modules=$image/usr/lib/oomwatcher/node_modules
addon=native/prebuilds/linux-$(node -p process.arch)/kmsg.glibc.node
install -D -m 644 "${2:-$addon}" "$modules/@oomwatcher/$addon"
install -m 644 native/package.json native/index.js "$modules/@oomwatcher/native"

# Where the state, the device and the cgroups of the node are mounted, and names that programs ask for.
install -d "$image/etc" "$image/proc" "$image/sys" "$image/dev" "$image/var/lib"
install -d -m 1777 "$image/tmp"
install -d -m 755 "$image/var/lib/oomwatcher"
[ "$(id -u)" != 0 ] || chown 65532:65532 "$image/var/lib/oomwatcher"
echo 'root:x:0:0:root:/:/sbin/nologin
oomwatcher:x:65532:65532:oomWatcher:/var/lib/oomwatcher:/sbin/nologin' >"$image/etc/passwd"
echo 'root:x:0:
oomwatcher:x:65532:' >"$image/etc/group"
echo 'hosts: files dns' >"$image/etc/nsswitch.conf"
