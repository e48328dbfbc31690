import { type Cursor, space } from './bytes.js';
import { DateFields } from './head.js';

/** The pieces that dates of logs are made of. Each reads on at the cursor and says whether it was there. */

/** Names as numbers of three bytes: a syslog asks for one on every line that is looked at. */
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'
  .split(' ')
  .map((name) => threeBytes(name.charCodeAt(0), name.charCodeAt(1), name.charCodeAt(2)));
const longestMonth = 16;
const colon = 0x3a;
const dash = 0x2d;

/** `16:00:00`, optionally with a fraction. */
export function timeOfDay(c: Cursor, date: DateFields): boolean {
  date.hour = c.number(2, 2);
  if (date.hour < 0 || !c.take(colon)) return false;
  date.minute = c.number(2, 2);
  if (date.minute < 0 || !c.take(colon)) return false;
  date.second = c.number(2, 2);
  if (date.second < 0) return false;
  date.microsecond = 0;
  return true;
}

/** `.123456` or `,123456`: up to nine digits; what is below a microsecond is dropped. False: no such thing here. */
export function fraction(c: Cursor, date: DateFields, separator: number): boolean {
  const start = c.at;
  if (!c.take(separator)) return false;
  const digitsAt = c.at;
  const value = c.number(9);
  if (value < 0) {
    c.at = start;
    return false;
  }
  date.microsecond = Math.floor((value * 1e6) / 10 ** (c.at - digitsAt));
  return true;
}

/**
 * A month's name and a space. Dates are written in the locale of whoever ran the tool: a name that is not English is
 * passed over, and the line then has no wall time.
 */
export function month(c: Cursor, date: DateFields): boolean {
  if (numberedMonth(c, date)) return true;
  const end = c.find(space, longestMonth);
  if (end <= c.at || !isWord(c, end)) return false;
  const isShort = end - c.at === 3;
  date.month = isShort
    ? months.indexOf(threeBytes(c.bytes[c.at]!, c.bytes[c.at + 1]!, c.bytes[c.at + 2]!))
    : -1;
  if (date.month < 0) date.month = DateFields.unknownMonth;
  c.at = end;
  c.takeSpaces();
  return true;
}

/** No locale's month has anything else in it; `syslog:Nov` is a file's name that grep put before the date. */
function isWord(c: Cursor, end: number): boolean {
  for (let at = c.at; at < end; at++) {
    const byte = c.bytes[at]!;
    const isLetter = (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
    if (byte < 0x80 && !isLetter && byte !== 0x2e && byte !== 0x27) return false;
  }
  return true;
}

/** `11月` (Chinese, Japanese), `11월` (Korean), `Thg 11` (Vietnamese), as strftime's %b has them; UTF-8. */
function numberedMonth(c: Cursor, date: DateFields): boolean {
  const start = c.at;
  const vietnamese = c.literal('Thg ') || c.literal('thg ');
  const number = c.number(2);
  if (number >= 1 && number <= 12) {
    if (vietnamese || c.literal('\xe6\x9c\x88') || c.literal('\xec\x9b\x94')) {
      date.month = number - 1;
      c.takeSpaces();
      return true;
    }
  }
  c.at = start;
  return false;
}

/** `2026-11-23`. */
export function isoDate(c: Cursor, date: DateFields): boolean {
  date.year = c.number(4, 4);
  if (date.year < 0 || !c.take(dash)) return false;
  const month = c.number(2, 2);
  if (month < 1 || month > 12 || !c.take(dash)) return false;
  date.day = c.number(2, 2);
  if (date.day < 1) return false;
  date.month = month - 1;
  return true;
}

/** `Z`, `+00:00` or `+0000`. */
export function zone(c: Cursor, date: DateFields): boolean {
  if (c.take(0x5a)) {
    date.offsetMinutes = 0;
    return true;
  }
  const negative = c.peek() === dash;
  if (!negative && c.peek() !== 0x2b) return false;
  c.at++;
  const hours = c.number(2, 2);
  c.take(colon);
  const minutes = c.number(2, 2);
  if (hours < 0 || minutes < 0) return false;
  date.offsetMinutes = (hours * 60 + minutes) * (negative ? -1 : 1);
  return true;
}

function threeBytes(a: number, b: number, c: number): number {
  return (a << 16) | (b << 8) | c;
}
