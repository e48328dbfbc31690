import type { DateFields } from './head.js';

/** What a log does not tell of its own clock. */
export interface ClockOptions {
  /**
   * Microseconds since the epoch, not before the log's last line (a file's mtime): a date without a year is the latest
   * such date that is not more than a day after it. Absent: such a line has no wall time.
   */
  writtenUs?: number;
  /** Minutes east of Greenwich of times that name no zone; 0 for UTC. Absent: such a line has no wall time. */
  utcOffsetMinutes?: number;
}

const dayUs = 86_400_000_000;

/** Microseconds since the epoch; undefined where year or zone are told neither by the line nor by the options. */
export function wallTime(date: DateFields, clock: ClockOptions): number | undefined {
  if (date.month < 0) return undefined;
  const offset = Number.isNaN(date.offsetMinutes) ? clock.utcOffsetMinutes : date.offsetMinutes;
  if (offset === undefined) return undefined;
  if (date.year >= 0) return inYear(date, date.year, offset);
  if (clock.writtenUs === undefined) return undefined;
  const latest = clock.writtenUs + dayUs;
  const year = new Date(latest / 1000).getUTCFullYear();
  const time = inYear(date, year, offset);
  return time <= latest ? time : inYear(date, year - 1, offset);
}

function inYear(date: DateFields, year: number, offsetMinutes: number): number {
  const ms = Date.UTC(
    year,
    date.month,
    date.day,
    date.hour,
    date.minute - offsetMinutes,
    date.second,
  );
  return ms * 1000 + date.microsecond;
}
