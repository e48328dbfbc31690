import { type Cursor, lineEnd } from './bytes.js';
import type { Head } from './head.js';

const comma = 0x2c;
const semicolon = 0x3b;

/** `6,1234,5678901,-,caller=T12;`: priority, sequence number, microseconds, flag, whatever else, text. */
export function kmsgHead(c: Cursor, head: Head): boolean {
  head.priority = c.number(4);
  if (head.priority < 0 || !c.take(comma)) return false;
  head.seq = c.number();
  if (head.seq < 0 || !c.take(comma)) return false;
  head.timestampUs = c.number();
  if (head.timestampUs < 0) return false;
  // Kernel 3.5 has no flag.
  if (c.take(comma)) {
    head.flag = c.peek();
    c.at++;
  }
  while (c.take(comma)) {
    if (c.literal('caller=')) head.callerStart = c.at;
    while (c.at < c.end && c.peek() !== comma && c.peek() !== semicolon) c.at++;
    if (head.callerStart > head.callerEnd) head.callerEnd = c.at;
  }
  if (!c.take(semicolon)) return false;
  head.format = 'kmsg';
  head.escapes = 'kernel';
  head.text = c.at;
  return true;
}

/** The end of a record: after its line and the ` KEY=value` lines that follow it. */
export function kmsgRecordEnd(bytes: Uint8Array, firstLineEnd: number, end: number): number {
  let at = firstLineEnd;
  while (at + 1 < end && bytes[at + 1] === 0x20) at = lineEnd(bytes, at + 1, end);
  return at;
}
