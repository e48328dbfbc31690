import type { Kill } from '@oomwatcher/oom';

/** When it was, by the kernel. */
type Timed = Pick<Kill, 'time' | 'monotonicUs'>;

/** For who watches: `14:03:22.123`, local time; of a log without dates `[12.345678]`, seconds since boot. */
export function clockTime(event: Timed): string {
  const { time } = event;
  if (time === undefined) return bootTime(event);
  return `${new Date(time).toLocaleTimeString('en-GB', { hour12: false })}.${time.slice(20, 23)}`;
}

/** For a log that is read on another day and elsewhere: date and zone, `2026-11-23T16:00:00.123456Z`. */
export function datedTime(event: Timed): string {
  return event.time ?? bootTime(event);
}

function bootTime({ monotonicUs }: Timed): string {
  return monotonicUs === undefined ? '' : `[${(monotonicUs / 1e6).toFixed(6)}]`;
}
