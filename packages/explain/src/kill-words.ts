import type { Kill } from '@oomwatcher/oom';
import { formatKiB } from './sizes.js';

// What the terminal and the page say of a kill in the same words. Names in them are as they are: printable.ts is for
// whoever shows them.

/** undefined: the log does not say. */
export function residentKiB(victim: Kill['victim']): number | undefined {
  if (victim?.anonRssKiB === undefined) return undefined;
  return victim.anonRssKiB + (victim.fileRssKiB ?? 0) + (victim.shmemRssKiB ?? 0);
}

/** `16.0 MiB anonymous, 384 KiB file, 0 KiB shared` */
export function residentParts(victim: NonNullable<Kill['victim']>): string {
  const parts: [string, number | undefined][] = [
    ['anonymous', victim.anonRssKiB],
    ['file', victim.fileRssKiB],
    ['shared', victim.shmemRssKiB],
  ];
  return parts
    .flatMap(([name, kib]) => (kib === undefined ? [] : `${formatKiB(kib)} ${name}`))
    .join(', ');
}

/** `20.0 MiB used of 20.0 MiB (100 %)`; undefined: the log does not say. */
export function usedOfLimit({ memory }: Kill): string | undefined {
  if (memory?.usageKiB === undefined || memory.limitKiB === undefined) return undefined;
  const { usageKiB, limitKiB } = memory;
  const percent = limitKiB === 0 ? '' : ` (${Math.round((usageKiB / limitKiB) * 100)} %)`;
  return `${formatKiB(usageKiB)} used of ${formatKiB(limitKiB)}${percent}`;
}

/** Who asked for the memory that was not there; undefined: the log does not say. */
export function askedBy({ trigger, victim }: Kill): string | undefined {
  if (trigger === undefined) return undefined;
  if (trigger.manual) return 'somebody at the keyboard or at /proc/sysrq-trigger (sysrq-f)';
  const { name = 'an unknown process', pid, order } = trigger;
  const itself = pid !== undefined && pid === victim?.pid ? ', the victim itself' : '';
  const process = pid === undefined ? '' : ` (process ${pid}${itself})`;
  const pages =
    order === undefined ? '' : `, ${2 ** Math.max(0, order)} page${order > 0 ? 's' : ''}`;
  return `${name}${process}${pages}`;
}

export function groupWords({ size }: NonNullable<Kill['group']>): string {
  return size === 1
    ? 'the only process of its group (memory.oom.group)'
    : `one of ${size} processes killed together (memory.oom.group)`;
}
