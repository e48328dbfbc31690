#!/bin/sh
# The first process of a User-mode Linux whose root is the machine's own, read-only: gives it what is written to, and runs
# the test of the node. Its environment: UML, the folder of run.ts; CHECKOUT; what test/node needs; NODE_TEST_ARGUMENTS.
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t cgroup2 cgroup2 /sys/fs/cgroup
for controller in cpu io memory pids; do echo +$controller >/sys/fs/cgroup/cgroup.subtree_control; done
mount -t bpf bpf /sys/fs/bpf
for folder in /run /tmp /var/lib /var/log; do mount -t tmpfs tmpfs $folder; done
# kubelet asks for the processor's speed, which this kernel does not say.
sed 's/^bogomips/cpu MHz : 2000.000\n&/' /proc/cpuinfo >/run/cpuinfo
mount --bind /run/cpuinfo /proc/cpuinfo
for module in overlay bridge veth; do
  LD_LIBRARY_PATH=$UML/lib/x86_64-linux-gnu:$UML/usr/lib/x86_64-linux-gnu "$UML/modprobe" -d "$UML" $module
done
# Its mappings are wrong in this kernel (7.2.7): Bad page map, and Node ends with SIGSEGV.
echo 2 >/proc/sys/kernel/io_uring_disabled
ip link set lo up
hostname uml
cd "$CHECKOUT" || exit
# shellcheck disable=SC2086 # several words
HOME=/tmp node node_modules/vitest/vitest.mjs run --configLoader runner --project node --reporter verbose $NODE_TEST_ARGUMENTS
echo "the test of the node ended with $?"
echo o >/proc/sysrq-trigger
sleep 60
