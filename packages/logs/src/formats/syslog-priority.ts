import { type Cursor, space } from './bytes.js';

const levels: Record<string, number> = {
  emerg: 0,
  panic: 0,
  alert: 1,
  crit: 2,
  err: 3,
  error: 3,
  warn: 4,
  warning: 4,
  notice: 5,
  info: 6,
  debug: 7,
};

const facilities = ['kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', 'news', 'uucp'];
facilities.push('cron', 'authpriv', 'ftp');
const firstLocal = 16;

/** Facility * 8 + level of two names as dmesg -x and busybox write them; -1 when one is unknown. */
export function namedPriority(facility: string, level: string): number {
  const code = /^local[0-7]$/.test(facility)
    ? firstLocal + Number(facility[5])
    : facilities.indexOf(facility);
  const severity = Object.hasOwn(levels, level) ? levels[level]! : -1;
  return code < 0 || severity < 0 ? -1 : code * 8 + severity;
}

/** `<14>`; -1 when there is none. */
export function bracketedPriority(c: Cursor): number {
  const start = c.at;
  if (c.take(0x3c)) {
    const priority = c.number(4);
    if (priority >= 0 && c.take(0x3e)) return priority;
  }
  c.at = start;
  return -1;
}

/** A lower-case word; undefined when there is none. */
export function word(c: Cursor): string | undefined {
  let at = c.at;
  while (at < c.end && isNameByte(c.bytes[at]!)) at++;
  if (at === c.at) return undefined;
  const text = String.fromCharCode(...c.bytes.subarray(c.at, at));
  c.at = at;
  return text;
}

function isNameByte(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x37);
}

/** `kern  :warn  : ` of dmesg -x; -1 when there is none. */
export function decodedPriority(c: Cursor): number {
  const start = c.at;
  // The shortest is `kern  :err   : `; a cheap test, because every line of every dmesg is asked.
  const separator = c.find(0x3a, 10);
  if (separator > c.at && isNameByte(c.peek())) {
    const facility = word(c);
    c.takeSpaces();
    if (facility !== undefined && c.take(0x3a)) {
      // Talos sets the level to the right.
      c.takeSpaces();
      const level = word(c);
      c.takeSpaces();
      if (level !== undefined && c.take(0x3a) && c.take(space)) {
        const priority = namedPriority(facility, level);
        if (priority >= 0) return priority;
      }
    }
  }
  c.at = start;
  return -1;
}
