import type { Workload } from '@oomwatcher/oom';
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
export function recurrenceWords({
  workload,
  nth,
  isToday,
  atLeast,
  everyMs,
  yesterday,
  yesterdayAtLeast,
}: RecurrenceCounts): string {
  const which = atLeast ? `kill ${nth} or later` : `${ordinal(nth)} kill`;
  const parts = [`${which} of ${workloadWords(workload)} ${isToday ? 'today' : 'that day'}`];
  if (everyMs !== undefined) parts.push(`every ${interval(everyMs)}`);
  const before = isToday ? 'yesterday' : 'the day before';
  if (yesterday !== undefined) {
    parts.push(
      yesterday === 0
        ? `none ${before}`
        : `${before} ${yesterday}${yesterdayAtLeast ? ' or more' : ''}`,
    );
  }
  return parts.join(', ');
}

/**
 * `deployment shop/checkout`, `unit nginx.service`; an id is as short as people write it. What `workloadKey` of oom says,
 * without its parser: every command loads these words, `--version` too.
 */
export function workloadWords({ kind, namespace, name }: Workload): string {
  const shown = kind === 'container' ? name.slice(0, 12) : name;
  return printable(`${kind} ${namespace === undefined ? '' : `${namespace}/`}${shown}`);
}

/** 1st, 2nd, 3rd, 4th, 11th, 21st */
function ordinal(n: number): string {
  const tens = n % 100;
  const last = tens > 10 && tens < 14 ? 0 : n % 10;
  return `${n}${['th', 'st', 'nd', 'rd'][last] ?? 'th'}`;
}

/** `40 s`, `4 min`, `2 h`: as exact as somebody reads it. */
function interval(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 1) return 'second or less';
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
