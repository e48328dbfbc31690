import { type Cursor, space } from './bytes.js';
import { fraction, isoDate, month, timeOfDay, zone } from './date-parts.js';
import type { Head } from './head.js';
import type { LogFormat } from './log-line.js';

const dot = 0x2e;

/** The date, as the format of the journal that writes it; undefined: none. */
export function syslogDate(c: Cursor, head: Head): LogFormat | undefined {
  const fields = head.date;
  const first = c.peek();
  const start = c.at;
  if (first >= 0x30 && first <= 0x39) {
    const found = isoDateTime(c, head) ?? unixDate(c, head);
    if (found !== undefined) return found;
    c.at = start;
  }
  fields.year = -1;
  fields.offsetMinutes = Number.NaN;
  if (month(c, fields)) {
    fields.day = c.number(2);
    if (fields.day > 0 && c.take(space) && timeOfDay(c, fields)) {
      return fraction(c, fields, dot) ? 'journal-short-precise' : 'journal-short';
    }
  }
  c.at = start;
  const full = fullDate(c, head);
  if (full !== undefined) return full;
  c.at = start;
  const long = longDate(c, head);
  if (long === undefined) fields.month = -1;
  return long;
}

/** `Mon Apr 12 18:29:48 2021`, logread of OpenWrt. It names no host. */
function longDate(c: Cursor, head: Head): LogFormat | undefined {
  const fields = head.date;
  const weekdayEnd = c.find(space, 16);
  if (weekdayEnd <= c.at) return undefined;
  c.at = weekdayEnd + 1;
  if (!month(c, fields)) return undefined;
  fields.day = c.number(2);
  if (fields.day < 1 || !c.take(space) || !timeOfDay(c, fields) || !c.take(space)) return undefined;
  fields.year = c.number(4, 4);
  fields.offsetMinutes = Number.NaN;
  return fields.year < 0 ? undefined : 'syslog-rfc3164';
}

export function isoDateTime(c: Cursor, head: Head): LogFormat | undefined {
  const start = c.at;
  const fields = head.date;
  if (isoDate(c, fields) && (c.take(0x54) || c.take(space)) && timeOfDay(c, fields)) {
    const precise = fraction(c, fields, dot);
    fields.offsetMinutes = Number.NaN;
    // A zone may be missing: then it is local time.
    zone(c, fields);
    return precise ? 'journal-short-iso-precise' : 'journal-short-iso';
  }
  fields.month = -1;
  c.at = start;
  return undefined;
}

/** `1700755200.123456`, journalctl -o short-unix. */
function unixDate(c: Cursor, head: Head): LogFormat | undefined {
  const fields = head.date;
  fields.second = c.number(12, 9);
  if (fields.second < 0 || !fraction(c, fields, dot)) return undefined;
  fields.year = 1970;
  fields.month = 0;
  fields.day = 1;
  fields.hour = 0;
  fields.minute = 0;
  fields.offsetMinutes = 0;
  return 'journal-short-unix';
}

/** `Mon 2026-11-23 16:00:00 UTC`, journalctl -o short-full and with-unit. Of zones' names only UTC is unambiguous. */
function fullDate(c: Cursor, head: Head): LogFormat | undefined {
  const fields = head.date;
  const weekdayEnd = c.find(space, 16);
  if (weekdayEnd <= c.at) return undefined;
  c.at = weekdayEnd + 1;
  if (!isoDate(c, fields) || !c.take(space) || !timeOfDay(c, fields) || !c.take(space)) {
    return undefined;
  }
  const zoneEnd = c.find(space, 16);
  if (zoneEnd <= c.at) return undefined;
  fields.offsetMinutes = c.literal('UTC') && c.at === zoneEnd ? 0 : Number.NaN;
  c.at = zoneEnd;
  return 'journal-short-full';
}
