import { readlinkSync } from 'node:fs';

/** The inode of the initial pid namespace, fixed by the kernel (include/linux/proc_ns.h, PROC_PID_INIT_INO). */
const initialPidNamespace = 'pid:[4026531836]';

/**
 * Whether pids in the kernel's log are pids in our /proc. In a container without hostPID they are not, and
 * /proc/<pid> of the log would be another process.
 */
export function seesNodePids(): boolean {
  try {
    return readlinkSync('/proc/self/ns/pid') === initialPidNamespace;
  } catch {
    return false;
  }
}
