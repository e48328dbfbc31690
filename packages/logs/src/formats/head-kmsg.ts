import { type Cursor, latin1, lineEnd } from './bytes.js';
import type { Head } from './head.js';

const comma = 0x2c;
const semicolon = 0x3b;
const longestRelease = 64;
const longestPacket = 2048;

/**
 * `6,1234,5678901,-,caller=T12;`: priority, sequence number, microseconds, flag, whatever else, text. netconsole may put
 * the kernel's release before it, and sends a long record in pieces (`ncfrag=0/1033`).
 */
export function kmsgHead(c: Cursor, head: Head): boolean {
  release(c);
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
    else if (c.literal('ncfrag=')) piece(c, head);
    while (c.at < c.end && c.peek() !== comma && c.peek() !== semicolon) c.at++;
    if (head.callerStart > head.callerEnd) head.callerEnd = c.at;
  }
  if (!c.take(semicolon)) return false;
  head.format = 'kmsg';
  head.escapes = 'kernel';
  head.text = c.at;
  return true;
}

/** `7.2.13+deb14-cloud-amd64,`: drivers/net/netconsole.c, `release` of its configuration. */
function release(c: Cursor): void {
  const start = c.at;
  if (c.number(3) >= 0 && c.take(0x2e)) {
    const end = c.find(comma, longestRelease);
    if (end > 0) {
      c.at = end + 1;
      return;
    }
  }
  c.at = start;
}

function piece(c: Cursor, head: Head): void {
  const at = c.number(6);
  if (at < 0 || !c.take(0x2f)) return;
  const of = c.number(6);
  if (of < 0) return;
  head.pieceAt = at;
  head.pieceOf = of;
}

/**
 * The pieces of a record that netconsole sent in several packets, put together: they stand one behind the other, with or
 * without a newline between (drivers/net/netconsole.c, send_fragmented_body). `text`: where the first one's begins.
 */
export function joinPieces(
  bytes: Uint8Array,
  start: number,
  text: number,
  end: number,
  { pieceAt, pieceOf }: Head,
): { raw: string; next: number } {
  const header = latin1(bytes, start, text).replace(/ncfrag=.*/, 'ncfrag=');
  let raw = '';
  let at = text;
  let offset = pieceAt;
  for (;;) {
    const window = latin1(bytes, at, Math.min(end, at + longestPacket));
    const following = window.indexOf(header);
    const match =
      following < 0 ? null : /^(\d+)\/\d+;/.exec(window.slice(following + header.length));
    const length = match === null ? pieceOf - offset : Number(match[1]) - offset;
    if (match === null || length < 0 || length > following) {
      const line = window.indexOf('\n');
      const stop = Math.min(Math.max(0, pieceOf - offset), line < 0 ? window.length : line);
      const next = at + stop + (window[stop] === '\n' ? 1 : 0);
      return { raw: raw + window.slice(0, stop), next };
    }
    raw += window.slice(0, length);
    offset += length;
    at += following + header.length + match[0].length;
  }
}

/** A record that read(2) cut at this length has no newline (PRINTK_MESSAGE_MAX, Linux 6.3 and later). */
export const fullRecordBytes = 2048;

/** The end of a record: after its line and the ` KEY=value` lines that follow it. */
export function kmsgRecordEnd(bytes: Uint8Array, firstLineEnd: number, end: number): number {
  let at = firstLineEnd;
  while (at + 1 < end && bytes[at + 1] === 0x20) at = lineEnd(bytes, at + 1, end);
  return at;
}
