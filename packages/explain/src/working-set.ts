import type { MemorySample } from '@oomwatcher/oom';

/**
 * What of the usage the kernel cannot give up before it kills: all but page cache. kubelet's working set has the active page
 * cache too, which a limit takes away all the same. undefined: the sample does not say.
 */
export function workingSetKiB(sample: MemorySample): number | undefined {
  const { usageKiB, fileKiB, shmemKiB = 0, anonKiB, kernelKiB = 0 } = sample;
  if (fileKiB !== undefined) return Math.max(0, usageKiB - Math.max(0, fileKiB - shmemKiB));
  return anonKiB === undefined ? undefined : Math.min(usageKiB, anonKiB + shmemKiB + kernelKiB);
}
