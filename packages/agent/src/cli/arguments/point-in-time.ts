import { InvalidArgumentError } from 'commander';
import { parseDuration } from './duration.js';

/** `2h`: so long ago; `2026-11-24T06:00:00Z`: then. -> milliseconds since the epoch. @throws InvalidArgumentError */
export function parsePointInTime(text: string, nowMs = Date.now()): number {
  if (/^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d)?)?$/.test(text)) {
    const ms = Date.parse(text);
    if (!Number.isNaN(ms)) return ms;
  }
  try {
    return nowMs - parseDuration(text);
  } catch {
    throw new InvalidArgumentError(
      'Write it as 90s, 15m, 2h or 7d ago, or as 2026-11-24T06:00:00Z.',
    );
  }
}
