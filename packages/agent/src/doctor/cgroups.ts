import { readdirSync } from 'node:fs';
import { findMemoryHierarchy, OomCounters } from '@oomwatcher/watcher';
import { type Finding, ok, warning } from './finding.js';

const unproven = 'no kill can be placed by them, and none is proven complete';

/** Whether the memory controller's hierarchy is there, and the kernel's kill counters in it and of the node. */
export function cgroups(mountinfo?: string): Finding[] {
  const hierarchy = findMemoryHierarchy(mountinfo);
  if (hierarchy === undefined) {
    return [
      warning(
        'memory cgroups',
        `no cgroup hierarchy with the memory controller is mounted at its root: ${unproven}`,
        "mount the host's /sys/fs/cgroup, in Kubernetes as a hostPath volume; without the controller boot without cgroup_disable=memory",
      ),
    ];
  }
  const { version, root } = hierarchy;
  const unreadable = reasonUnreadable(root);
  if (unreadable !== undefined) {
    return [
      warning(
        'memory cgroups',
        `version ${version} is mounted at ${root} but cannot be read (${unreadable}): ${unproven}`,
        "let this process see the host's /sys/fs/cgroup and read it",
      ),
    ];
  }
  const place = ok('memory cgroups', `version ${version}, mounted at ${root}`);
  return [place, counters(OomCounters.open(hierarchy))];
}

function reasonUnreadable(folder: string): string | undefined {
  try {
    readdirSync(folder);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}

/** @param opened undefined: this kernel has none */
function counters(opened: OomCounters | undefined): Finding {
  const check = 'kill counters';
  if (opened === undefined) {
    return warning(
      check,
      `this kernel does not count OOM kills in /proc/vmstat: ${unproven}`,
      'run a kernel of 4.13 or later',
    );
  }
  const { size } = opened;
  const total = opened.readTotalSinceBoot();
  opened.close();
  return ok(
    check,
    `${total.toLocaleString('en')} kills of the node since boot, and a counter in each of ${size.toLocaleString('en')} cgroups`,
  );
}
