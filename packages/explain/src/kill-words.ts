import type { Kill } from '@oomwatcher/oom';
import { english, type Words } from './english.js';
import { formatKiB } from './sizes.js';

// What the terminal and the page say of a kill in the same words. Names in them are as they are: printable.ts is for
// whoever shows them.

/** `16.0 MiB anonymous, 384 KiB file, 0 KiB shared` */
export function residentParts(
  { anonRssKiB, fileRssKiB, shmemRssKiB }: NonNullable<Kill['victim']>,
  { resident, comma }: Words = english,
): string {
  const parts: [(size: string) => string, number | undefined][] = [
    [resident.anonymous, anonRssKiB],
    [resident.file, fileRssKiB],
    [resident.shared, shmemRssKiB],
  ];
  return parts
    .flatMap(([said, kib]) => (kib === undefined ? [] : said(formatKiB(kib))))
    .join(comma);
}

/** `20.0 MiB used of 20.0 MiB (100 %)`; undefined: the log does not say. */
export function usedOfLimit({ memory }: Kill, words: Words = english): string | undefined {
  if (memory?.usageKiB === undefined || memory.limitKiB === undefined) return undefined;
  const { usageKiB, limitKiB } = memory;
  const percent = limitKiB === 0 ? undefined : Math.round((usageKiB / limitKiB) * 100);
  return words.usedOfLimit(formatKiB(usageKiB), formatKiB(limitKiB), percent);
}

/** Who asked for the memory that was not there; undefined: the log does not say. */
export function askedBy({ trigger, victim }: Kill, words: Words = english): string | undefined {
  if (trigger === undefined) return undefined;
  if (trigger.manual) return words.askedBy.manual;
  const { name, pid, order } = trigger;
  const pages = order === undefined ? undefined : 2 ** Math.max(0, order);
  return words.askedBy.process(name, pid, pid !== undefined && pid === victim?.pid, pages);
}

export function groupWords({ size }: NonNullable<Kill['group']>, words: Words = english): string {
  return words.group(size);
}
