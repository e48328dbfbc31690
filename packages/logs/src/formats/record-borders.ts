import { newline, space } from './bytes.js';

/** Where lines and records begin: a record is a line and the lines after it that begin with a blank. */

/** Of a mail that quotes. */
export function isQuoteMark(byte: number | undefined): boolean {
  return byte === 0x3e || byte === 0x7c || isBlank(byte);
}

export function isBlank(byte: number | undefined): boolean {
  return byte === space || byte === 0x09;
}

/** Where the line that holds `at` begins, not before `floor`. */
export function lineStart(bytes: Uint8Array, at: number, floor: number): number {
  let start = at;
  while (start > floor && bytes[start - 1] !== newline) start--;
  return start;
}

/** Where the first record begins in a chunk; -1: nowhere. */
export function recordBoundary(chunk: Uint8Array, afterNewline: boolean): number {
  if (afterNewline && chunk.length > 0 && !isBlank(chunk[0])) return 0;
  for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, at + 1)) {
    if (at + 1 < chunk.length && !isBlank(chunk[at + 1])) return at + 1;
  }
  return -1;
}

/** Where the last record begins; `start` when no other does. */
export function lastRecord(bytes: Uint8Array, start: number): number {
  for (let at = bytes.length - 1; at > start; at--) {
    if (bytes[at - 1] === newline && !isBlank(bytes[at])) return at;
  }
  return start;
}
