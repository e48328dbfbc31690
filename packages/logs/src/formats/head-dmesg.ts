import { type Cursor, space } from './bytes.js';
import { fraction, isoDate, month, timeOfDay, zone } from './date-parts.js';
import type { Head } from './head.js';
import type { LogFormat } from './log-line.js';
import { printkCaller, printkTime, skipDelta } from './printk-prefix.js';
import { bracketedPriority, decodedPriority } from './syslog-priority.js';

const open = 0x5b;
const close = 0x5d;

/**
 * All that dmesg, /proc/kmsg and consoles write before a text: `<6>` or `kern  :info  : `, a time in one of dmesg's
 * forms, the caller. At least one of them is there.
 */
export function dmesgHead(c: Cursor, head: Head): boolean {
  const start = c.at;
  head.priority = bracketedPriority(c);
  const raw = head.priority >= 0;
  if (!raw) head.priority = decodedPriority(c);
  const format = time(c, head);
  if (format === undefined && head.priority < 0) return false;
  // A program's `[03:22:10]W: ` is no time of dmesg.
  if (format === 'dmesg-e' && c.at < c.end && c.peek() !== space) return false;
  if (format !== undefined && format !== 'dmesg-iso') printkCaller(c, head);
  if (format !== undefined) c.take(space);
  head.format = formatOf(raw, head.priority, format);
  // dmesg -r up to util-linux 2.39 writes facility | level (its issue 2325): below 8 it may be anybody's.
  if (raw && head.priority < 8) head.priority = -1;
  head.escapes = 'dmesg';
  head.text = c.at;
  // util-linux print_record(): the second line of a record is indented by the length of what stood before the first.
  head.indent = c.at - start;
  return true;
}

function formatOf(raw: boolean, priority: number, time: LogFormat | undefined): LogFormat {
  if (raw) return 'dmesg-r';
  return priority >= 0 ? 'dmesg-x' : (time ?? 'dmesg');
}

function time(c: Cursor, head: Head): LogFormat | undefined {
  if (c.peek() !== open) return iso(c, head) ? 'dmesg-iso' : undefined;
  if (printkTime(c, head)) return 'dmesg';
  if (delta(c)) return 'dmesg';
  if (ctime(c, head)) return 'dmesg-T';
  if (bracketedIso(c, head)) return 'dmesg-iso';
  return relative(c, head) ? 'dmesg-e' : undefined;
}

/** `[<    0.000123>]`. */
function delta(c: Cursor): boolean {
  const start = c.at;
  if (c.take(open) && skipDelta(c) && c.take(close)) return true;
  c.at = start;
  return false;
}

/** `[Mon Nov 23 16:00:00 2026]`, in the local time of whoever ran dmesg. */
function ctime(c: Cursor, head: Head): boolean {
  const start = c.at;
  const date = head.date;
  c.at++;
  const weekdayEnd = c.find(space, 16);
  if (weekdayEnd > c.at && c.peek() !== space) {
    c.at = weekdayEnd + 1;
    if (month(c, date)) {
      date.day = c.number(2);
      if (date.day > 0 && c.take(space) && timeOfDay(c, date) && c.take(space)) {
        date.year = c.number(4, 4);
        date.offsetMinutes = Number.NaN;
        if (c.take(space)) skipDelta(c);
        if (date.year >= 0 && c.take(close)) return true;
      }
    }
  }
  date.month = -1;
  c.at = start;
  return false;
}

/** `[Nov23 16:00]` when the minute changes, `[  +0.000123]` within it. Neither has a time of its own. */
function relative(c: Cursor, head: Head): boolean {
  const start = c.at;
  c.at++;
  c.takeSpaces();
  if (c.take(0x2b)) {
    if (c.number(12) >= 0 && c.take(0x2e) && c.number(6, 6) >= 0 && c.take(close)) return true;
  } else if (!isoDate(c, head.date)) {
    // A console's `[2026-11-23 16:00:00]` ends in the same way.
    const end = c.find(close, 24);
    if (end - c.at > 6 && c.bytes[end - 3] === 0x3a) {
      c.at = end - 5;
      if (c.number(2, 2) >= 0 && c.take(0x3a) && c.number(2, 2) >= 0 && c.take(close)) return true;
    }
  }
  head.date.month = -1;
  c.at = start;
  return false;
}

/** `[2025-05-18T15:40:20.653515542Z]:`, Talos' dmesg. */
function bracketedIso(c: Cursor, head: Head): boolean {
  const start = c.at;
  const date = head.date;
  c.at++;
  if (isoDate(c, date) && c.take(0x54) && timeOfDay(c, date)) {
    fraction(c, date, 0x2e);
    if (zone(c, date) && c.literal(']:')) return true;
  }
  date.month = -1;
  c.at = start;
  return false;
}

/** `2026-11-23T16:00:00,123456+00:00`: the comma sets it apart from every syslog's. */
function iso(c: Cursor, head: Head): boolean {
  const start = c.at;
  const date = head.date;
  if (
    isoDate(c, date) &&
    c.take(0x54) &&
    timeOfDay(c, date) &&
    fraction(c, date, 0x2c) &&
    zone(c, date)
  ) {
    return true;
  }
  date.month = -1;
  c.at = start;
  return false;
}
