export const newline = 0x0a;
export const space = 0x20;

/** A longer line or record is cut here. The kernel's are at most 8 KiB; a journal entry's JSON is a few KiB. */
export const maxRecordBytes = 64 * 1024;

/** Arguments of one call: engines bound them, the smallest known bound is 64 Ki. */
const codesPerCall = 8192;

/** The memory that `latin1` was last asked about, as a Buffer: one for every string costs more than the string. */
let view: Buffer | undefined;

/** The bytes as a string of one character each. TextDecoder cannot: its `latin1` is windows-1252. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  if (end <= start) return '';
  if (globalThis.Buffer !== undefined) {
    if (view?.buffer !== bytes.buffer) view = Buffer.from(bytes.buffer);
    return view.toString('latin1', bytes.byteOffset + start, bytes.byteOffset + end);
  }
  let text = '';
  for (let at = start; at < end; at += codesPerCall) {
    text += String.fromCharCode(...bytes.subarray(at, Math.min(end, at + codesPerCall)));
  }
  return text;
}

export function fromLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** A copy of the bytes from `start` on. Buffer's own slice is a view: the caller would overwrite it. */
export function copyFrom(bytes: Uint8Array, start: number): Uint8Array {
  return new Uint8Array(bytes.subarray(start));
}

export function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0]!;
  const bytes = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** Where the line that holds `at` ends: its newline, or `end`. */
export function lineEnd(bytes: Uint8Array, at: number, end: number): number {
  let stop = at;
  while (stop < end && bytes[stop] !== newline) stop++;
  return stop;
}

/** The end of a line's content: before the carriage returns of a CRLF file; a serial console's log can have two. */
export function trimCr(bytes: Uint8Array, start: number, end: number): number {
  let stop = end;
  while (stop > start && bytes[stop - 1] === 0x0d) stop--;
  return stop;
}

/** Below this a view of words costs more than it saves. */
const fewBytes = 256;
const wordsPerRound = 4;
/** A lane of eight bits counts to 255. */
const wordsPerSum = 252;

/**
 * Newlines in a range, four bytes at a time: lines are numbered through gigabytes that are otherwise skipped, and a
 * byte loop was slower than the search for markers.
 */
export function countNewlines(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < fewBytes) return countInBytes(bytes, start, end);
  const aligned = start + (-(bytes.byteOffset + start) & 3);
  const wordCount = (end - aligned) >>> 2;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + aligned, wordCount);
  return (
    countInBytes(bytes, start, aligned) +
    countInWords(words) +
    countInBytes(bytes, aligned + wordCount * 4, end)
  );
}

function countInBytes(bytes: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at++) if (bytes[at] === newline) count++;
  return count;
}

function countInWords(words: Int32Array): number {
  const rounded = words.length - (words.length % wordsPerRound);
  let count = 0;
  for (let at = 0; at < rounded; ) {
    const stop = Math.min(rounded, at + wordsPerSum);
    let others = 0;
    for (; at < stop; at += wordsPerRound) {
      others =
        (others +
          otherLanes(words[at]!) +
          otherLanes(words[at + 1]!) +
          otherLanes(words[at + 2]!) +
          otherLanes(words[at + 3]!)) |
        0;
    }
    count -= (others & 0xff) + ((others >>> 8) & 0xff) + ((others >>> 16) & 0xff) + (others >>> 24);
  }
  count += rounded * 4;
  for (let at = rounded; at < words.length; at++)
    count += 4 - (Math.imul(otherLanes(words[at]!), 0x01010101) >>> 24);
  return count;
}

/** One in every lane that is not a newline. */
function otherLanes(word: number): number {
  const differing = word ^ 0x0a0a0a0a;
  return ((((differing & 0x7f7f7f7f) + 0x7f7f7f7f) | differing) >>> 7) & 0x01010101;
}

/** Reads a range of bytes forward. A method that fails leaves `at` where it was. */
export class Cursor {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  end = 0;

  reset(bytes: Uint8Array, at: number, end: number): void {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  /** The byte at `at`, -1 at the end. */
  peek(): number {
    return this.at < this.end ? this.bytes[this.at]! : -1;
  }

  take(byte: number): boolean {
    if (this.at >= this.end || this.bytes[this.at] !== byte) return false;
    this.at++;
    return true;
  }

  takeSpaces(): void {
    while (this.at < this.end && this.bytes[this.at] === space) this.at++;
  }

  /** An unsigned decimal of `min` to `max` digits; -1 when there is none. */
  number(max = 16, min = 1): number {
    let value = 0;
    let at = this.at;
    const stop = Math.min(this.end, at + max);
    while (at < stop) {
      const digit = this.bytes[at]! - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      at++;
    }
    if (at - this.at < min) return -1;
    this.at = at;
    return value;
  }

  literal(text: string): boolean {
    if (!startsWith(this.bytes, this.at, this.end, text)) return false;
    this.at += text.length;
    return true;
  }

  /** The offset of the next `byte`, at most `within` bytes ahead; -1 when there is none. */
  find(byte: number, within: number): number {
    const stop = Math.min(this.end, this.at + within);
    for (let at = this.at; at < stop; at++) if (this.bytes[at] === byte) return at;
    return -1;
  }
}

export function startsWith(bytes: Uint8Array, at: number, end: number, text: string): boolean {
  if (at + text.length > end) return false;
  for (let i = 0; i < text.length; i++) {
    if (bytes[at + i] !== text.charCodeAt(i)) return false;
  }
  return true;
}
