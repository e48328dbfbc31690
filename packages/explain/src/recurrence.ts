import type { Workload } from '@oomwatcher/oom';
import { english, type Recurring, type Words } from './english.js';
import { printable } from './printable.js';

/** `Recurring` of a workload that has no words yet. */
export interface RecurrenceCounts extends Omit<Recurring, 'of'> {
  workload: Workload;
}

/** `9th kill of deployment shop/checkout today, every 4 min, yesterday 3` */
export function recurrenceWords(
  { workload, ...counts }: RecurrenceCounts,
  words: Words = english,
): string {
  return words.recurrence({ ...counts, of: workloadWords(workload) });
}

/**
 * `deployment shop/checkout`, `unit nginx.service`; an id is as short as people write it. What `workloadKey` of oom says,
 * without its parser: every command loads these words, `--version` too.
 */
export function workloadWords({ kind, namespace, name }: Workload): string {
  const shown = kind === 'container' ? name.slice(0, 12) : name;
  return printable(`${kind} ${namespace === undefined ? '' : `${namespace}/`}${shown}`);
}
