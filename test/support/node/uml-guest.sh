#!/bin/sh
# The first process of a User-mode Linux whose root is the machine's own: runs the node's tests on cgroup v2, where the machine
# may have v1. Arguments: the checkout, the kernel's modules, what vitest is to run, with commas between, `systemd` where that is to
# be the first process; the kernel adds some of its own. What the tests are told comes by the environment.
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs shm /dev/shm
mount -t tmpfs run /run
mount -t cgroup2 cgroup2 /sys/fs/cgroup
# What Node maps of it this architecture unmaps wrongly: "Bad page map", and processes die.
echo 2 >/proc/sys/kernel/io_uring_disabled
# kubelet ends where a processor has no clock.
(cat /proc/cpuinfo && echo 'cpu MHz : 2000.000') >/run/cpuinfo
mount --bind /run/cpuinfo /proc/cpuinfo
ip link set lo up

insmod() { # finit_module(2)
  python3 -c 'import ctypes, os, sys
sys.exit(ctypes.CDLL(None).syscall(313, os.open(sys.argv[1], 0), b"", 0))' "$1"
}
for module in net/llc/llc net/802/stp net/bridge/bridge drivers/net/veth fs/overlayfs/overlay; do
  insmod "$2/$module.ko" || echo "no $module"
done

cd "$1" || exit
{
  export -p
  echo "cd '$PWD'"
  echo "node node_modules/vitest/vitest.mjs run $(echo "$3" | tr ',' ' ') --reporter=default --outputFile.json=/dev/shm/results.json"
  echo 'echo "the tests ended with $?"'
  # What has not ended by itself ends with the kernel.
  echo 'echo o >/proc/sysrq-trigger; sleep 60'
} >/run/tests.sh
[ "$4" != systemd ] || exec sh "$(dirname "$0")/uml-systemd.sh"
echo '+cpu +io +memory +pids' >/sys/fs/cgroup/cgroup.subtree_control
exec sh /run/tests.sh
