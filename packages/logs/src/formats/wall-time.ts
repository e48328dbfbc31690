import type { OomLine } from '@oomwatcher/oom';
import type { DateFields } from './head.js';

/** What a log does not say of its own clock. */
export interface ClockOptions {
  /**
   * Microseconds since the epoch, not before the log's last line (a file's mtime): a date without a year is the latest
   * such date that is not more than a day after it. Absent: such a line has no wall time.
   */
  writtenUs?: number | undefined;
  /** Minutes east of Greenwich of times that name no zone; 0 for UTC. Absent: such a line has no wall time. */
  utcOffsetMinutes?: number | undefined;
}

const dayUs = 86_400_000_000;
const secondUs = 1_000_000;

/** Microseconds since the epoch; undefined where year or zone are given neither by the line nor by the options. */
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

/** Before and after a new year, as dates without a year are. */
const halfYearUs = 182 * dayUs;
/** Has a 29th of February. */
const someYear = 1972;

/**
 * Dates as a clock: to be compared with one another only, for a missing year is made up, and a missing zone, too. Of a
 * month with a foreign name it knows the days.
 */
export class CoarseClock {
  #last = Number.NaN;
  #year = someYear;

  /** undefined: the line has no date. */
  read(date: DateFields): number | undefined {
    if (date.month === -1) return undefined;
    const offset = Number.isNaN(date.offsetMinutes) ? 0 : date.offsetMinutes;
    const known = date.month < 0 ? { ...date, month: 0 } : date;
    if (date.year >= 0) {
      this.#year = date.year;
      this.#last = inYear(known, date.year, offset);
      return this.#last;
    }
    let time = Number.NaN;
    for (const year of [this.#year, this.#year + 1, this.#year - 1]) {
      time = inYear(known, year, offset);
      if (Number.isNaN(this.#last) || Math.abs(time - this.#last) < halfYearUs) {
        this.#year = year;
        break;
      }
    }
    this.#last = time;
    return time;
  }
}

/** Damaged digits may be of no date that there is (ECMA-262: 10^8 days about 1970). */
function isDate(us: number): boolean {
  return Math.abs(us) <= 1e8 * dayUs;
}

/** Writes what a date holds into a line. */
export class LineDates {
  readonly #options: ClockOptions;
  readonly #clock = new CoarseClock();

  constructor(options: ClockOptions) {
    this.#options = options;
  }

  write(
    line: Pick<OomLine, 'wallTimeUs' | 'dateUs' | 'dateStepUs' | 'dateLacks'>,
    date: DateFields,
  ): void {
    const wallTimeUs = wallTime(date, this.#options);
    if (wallTimeUs !== undefined && isDate(wallTimeUs)) line.wallTimeUs = wallTimeUs;
    const dateUs = this.#clock.read(date);
    if (dateUs === undefined || !isDate(dateUs)) return;
    line.dateUs = dateUs;
    line.dateStepUs = date.microsecond === 0 ? secondUs : 1;
    if (date.month < 0 || line.wallTimeUs !== undefined) return;
    line.dateLacks = date.year < 0 ? 'year' : 'zone';
  }
}
