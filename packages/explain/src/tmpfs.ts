import type { Kill } from '@oomwatcher/oom';
import { isMuchOf } from './much.js';

/**
 * Files in tmpfs and shared memory, where they are much of what ran out: no process of the kernel's table holds them, and they
 * may be more than the biggest one does. undefined: they are not much, or not known.
 */
export function muchTmpfsKiB({ memory, memoryStat, nodeMemory }: Kill): number | undefined {
  const [allKiB, shmemKiB = 0] =
    nodeMemory === undefined
      ? [memory?.usageKiB, memoryStat?.shmemKiB]
      : [nodeMemory.managedKiB, nodeMemory.shmemKiB];
  return allKiB !== undefined && isMuchOf(allKiB, shmemKiB) ? shmemKiB : undefined;
}
