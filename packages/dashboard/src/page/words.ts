const whole = new Intl.NumberFormat('en-US');

/** `1,204` */
export function count(value: number): string {
  return whole.format(value);
}

export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dayAndYear = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});
const minute = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const second = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

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
  return isToday ? second.format(date) : `${dayOf(timeMs, nowMs)} ${second.format(date)}`;
}

/** `23 Nov`, with the year when it is another one. */
export function dayOf(timeMs: number, nowMs = Date.now()): string {
  if (clock === 'boot') return '';
  const date = new Date(timeMs);
  const isThisYear = date.getFullYear() === new Date(nowMs).getFullYear();
  return (isThisYear ? day : dayAndYear).format(date);
}

/** As exact as the span asks for. */
export function tick(timeMs: number, spanMs: number): string {
  if (clock === 'boot') return sinceBoot(Math.max(0, timeMs), spanMs < 10_000 ? 1 : 0);
  const date = new Date(timeMs);
  if (spanMs < 10 * 60_000) return second.format(date);
  if (spanMs < 24 * hourMs) return minute.format(date);
  if (spanMs < 4 * dayMs) return `${dayOf(timeMs)} ${minute.format(date)}`;
  return dayOf(timeMs);
}

export const hourMs = 60 * 60_000;
export const dayMs = 24 * hourMs;

/** `3 minutes` */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return plural(seconds, 'second');
  if (seconds < 3600) return plural(Math.round(seconds / 60), 'minute');
  if (seconds < 2 * 86_400) return plural(Math.round(seconds / 3600), 'hour');
  return plural(Math.round(seconds / 86_400), 'day');
}
