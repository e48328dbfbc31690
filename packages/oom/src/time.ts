import type { Kill } from './kill.js';

/** Microseconds since the epoch as the records of JSON have them: ISO 8601 with six digits. */
export function isoMicroseconds(us: number): string {
  const whole = Math.round(us);
  const iso = new Date(Math.floor(whole / 1000)).toISOString();
  return `${iso.slice(0, -1)}${String(whole % 1000).padStart(3, '0')}Z`;
}

/**
 * When the kill happened by the kernel, in milliseconds since the epoch.
 *
 * @param otherwiseMs stands in where the log had no wall clock, such as when the kill was recorded
 */
export function timeMsOf<T extends number | undefined>(
  { time }: Pick<Kill, 'time'>,
  otherwiseMs: T,
): number | T {
  return time === undefined ? otherwiseMs : Date.parse(time);
}
