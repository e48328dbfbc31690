import { InvalidArgumentError } from 'commander';
import { parseDuration } from './duration.js';

/**
 * `2h`: so long ago; `yesterday`: when it began here; `2026-11-24T06:00:00Z`: then, without a zone by the clock here. ->
 * milliseconds since the epoch. @throws InvalidArgumentError
 */
export function parsePointInTime(text: string, nowMs = Date.now()): number {
  const day = daysAgo.get(text);
  if (day !== undefined) {
    const now = new Date(nowMs);
    return new Date(now.getFullYear(), now.getMonth(), now.getDate() - day).getTime();
  }
  const date = /^(\d{4}-\d\d-\d\d)(T[\d:.]+(Z|[+-]\d\d:\d\d)?)?$/.exec(text);
  if (date !== null) {
    // Of a date alone JavaScript means that of Greenwich, of one with a time that of here.
    const ms = Date.parse(date[2] === undefined ? `${text}T00:00` : text);
    if (!Number.isNaN(ms)) return ms;
  }
  try {
    return nowMs - parseDuration(text);
  } catch {
    throw new InvalidArgumentError(
      'Write it as 90s, 15m, 2h or 7d ago, as today or yesterday, or as 2026-11-24T06:00:00Z.',
    );
  }
}

const daysAgo: ReadonlyMap<string, number> = new Map([
  ['today', 0],
  ['yesterday', 1],
]);
