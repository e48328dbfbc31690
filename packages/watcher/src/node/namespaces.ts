import { readlinkSync } from 'node:fs';

/** Inodes of the initial namespaces, fixed by the kernel (include/linux/proc_ns.h, PROC_PID_INIT_INO and so on). */
const initialPid = 'pid:[4026531836]';
const initialCgroup = 'cgroup:[4026531835]';

/**
 * Whether pids in the kernel's log are pids in our /proc. In a container without hostPID they are not, and
 * /proc/<pid> of the log would be another process.
 */
export function seesNodePids(): boolean {
  return namespaceOf('pid') === initialPid;
}

/**
 * Whether cgroup paths that we see begin at the node's root. In a cgroup namespace of our own they begin at our own
 * cgroup, and `/` would be taken for the node.
 */
export function seesNodeCgroups(): boolean {
  const namespace = namespaceOf('cgroup');
  // Before 4.6 there are none.
  return namespace === undefined || namespace === initialCgroup;
}

function namespaceOf(kind: 'pid' | 'cgroup'): string | undefined {
  try {
    return readlinkSync(`/proc/self/ns/${kind}`);
  } catch {
    return undefined;
  }
}
