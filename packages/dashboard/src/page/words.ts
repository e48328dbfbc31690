import { words } from './language/language.js';

/** `1,204` */
export function count(value: number): string {
  return words().formats.count(value);
}

let clock: 'wall' | 'boot' = 'wall';

/** How times are shown: the wall clock, or seconds since boot where the log has no date. */
export function useClock(which: 'wall' | 'boot'): void {
  clock = which;
}

function sinceBoot(timeMs: number, digits: number): string {
  return `+${(timeMs / 1000).toFixed(digits)} s`;
}

/** `14:03:22` today, else `23 Nov 14:03:22`: local time. */
export function moment(timeMs: number, nowMs = Date.now()): string {
  if (clock === 'boot') return sinceBoot(timeMs, 3);
  const date = new Date(timeMs);
  const isToday = date.toDateString() === new Date(nowMs).toDateString();
  const time = words().formats.second.format(date);
  return isToday ? time : `${dayOf(timeMs, nowMs)} ${time}`;
}

/** `23 Nov, 14:03:22` */
export function dayAndTime(timeMs: number): string {
  if (clock === 'boot') return sinceBoot(timeMs, 3);
  return `${dayOf(timeMs)}, ${words().formats.second.format(timeMs)}`;
}

/** `23 Nov`, with the year when it is another one. */
export function dayOf(timeMs: number, nowMs = Date.now()): string {
  if (clock === 'boot') return '';
  const date = new Date(timeMs);
  const { day, dayAndYear } = words().formats;
  const isThisYear = date.getFullYear() === new Date(nowMs).getFullYear();
  return (isThisYear ? day : dayAndYear).format(date);
}

/** As exact as the span asks for. */
export function tick(timeMs: number, spanMs: number): string {
  if (clock === 'boot') return sinceBoot(Math.max(0, timeMs), spanMs < 10_000 ? 1 : 0);
  const { second, minute } = words().formats;
  const date = new Date(timeMs);
  if (spanMs < 10 * 60_000) return second.format(date);
  if (spanMs < 24 * hourMs) return minute.format(date);
  if (spanMs < 4 * dayMs) return `${dayOf(timeMs)} ${minute.format(date)}`;
  return dayOf(timeMs);
}

export const hourMs = 60 * 60_000;
export const dayMs = 24 * hourMs;
