import type { KernelLine } from './kernel-line.js';
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

/** A line's date as the log wrote it: `2026-11-23T16:00:00`, without its year where the log names none. */
export function localTime({ dateUs, dateStepUs, dateLacks }: KernelLine): string | undefined {
  if (dateUs === undefined || dateLacks === undefined) return undefined;
  const whole = isoMicroseconds(dateUs).slice(0, -1);
  const text = dateStepUs === 1 ? whole : whole.slice(0, whole.indexOf('.'));
  return dateLacks === 'year' ? text.slice(text.indexOf('-', 1) + 1) : text;
}
