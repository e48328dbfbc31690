import type { Kill } from '@oomwatcher/oom';

/** undefined: the log does not say. */
export function residentKiB(victim: Kill['victim']): number | undefined {
  if (victim?.anonRssKiB === undefined) return undefined;
  return victim.anonRssKiB + (victim.fileRssKiB ?? 0) + (victim.shmemRssKiB ?? 0);
}
