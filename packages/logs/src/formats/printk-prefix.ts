import { type Cursor, space } from './bytes.js';
import type { Head } from './head.js';

const open = 0x5b;
const close = 0x5d;

/** `[ 2187.067915]`, the kernel's own prefix; dmesg -d writes ` <    0.000123>` before the bracket closes. */
export function printkTime(c: Cursor, head: Head): boolean {
  const start = c.at;
  if (!c.take(open)) return false;
  c.takeSpaces();
  const seconds = c.number(12);
  if (seconds >= 0 && c.take(0x2e)) {
    const microseconds = c.number(6, 6);
    if (microseconds >= 0) {
      if (c.take(space)) skipDelta(c);
      if (c.take(close)) {
        head.timestampUs = seconds * 1e6 + microseconds;
        return true;
      }
    }
  }
  c.at = start;
  return false;
}

/** `<    0.000123>`; journalctl -o short-delta sets the end off by a blank. */
export function skipDelta(c: Cursor): boolean {
  const start = c.at;
  if (c.take(0x3c)) {
    c.takeSpaces();
    if (c.number(12) >= 0 && c.take(0x2e) && c.number(6, 6) >= 0) {
      c.takeSpaces();
      if (c.take(0x3e)) return true;
    }
  }
  c.at = start;
  return false;
}

/** `[   T12]` or `[    C1]` (CONFIG_PRINTK_CALLER): the console joins it to the time, dmesg sets it off by a space. */
export function printkCaller(c: Cursor, head: Head): void {
  const start = c.at;
  c.take(space);
  if (c.take(open)) {
    c.takeSpaces();
    const caller = c.at;
    if ((c.take(0x54) || c.take(0x43)) && c.number() >= 0) {
      head.callerStart = caller;
      head.callerEnd = c.at;
      if (c.take(close)) return;
      head.callerEnd = 0;
    }
  }
  c.at = start;
}
