import type { Workload } from '@oomwatcher/oom';
import { english, type Words } from './english.js';
import { printable } from './printable.js';

/** How often a workload is killed, as it was at one of its kills. */
export interface RecurrenceCounts {
  workload: Workload;
  /** Which one of its day. */
  nth: number;
  /** Whether that day is not over. */
  isToday: boolean;
  /** There may be more than were counted: of its day, and of the day before. */
  atLeast?: true;
  yesterdayAtLeast?: true;
  everyMs?: number;
  /** How many on the day before; absent: nobody knows. */
  yesterday?: number;
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
