import { Cursor, concat, fromLatin1, latin1, newline, space } from './bytes.js';
import { fraction, isoDate, timeOfDay, zone } from './date-parts.js';
import { DateFields } from './head.js';

/** Begins a line that is not of the log: it says whose lines follow. */
export const streamMark = 0x1f;

/** Longest prefix of a wrapped line: a pod's, its namespace's and a container's name have at most 253 bytes each. */
const longestPrefix = 1024;

/** What container tools put before every line of a container's output. */
export interface Wrapping {
  /** `2026-11-23T16:00:00.123456789Z stdout F ` (CRI log files) or the time alone (kubectl logs --timestamps). */
  stamped: boolean;
  /** `[pod/name/container] `, kubectl logs --prefix. */
  prefixed: boolean;
}

/** A prefix found at the beginning of a line. */
export interface Prefix {
  wrapping: Wrapping;
  /** Where the wrapped line begins. */
  end: number;
  /** The CRI's tag `P`: the runtime cut a line here, the next one continues it. */
  partial: boolean;
  /** It is the CRI's form, or has its nine digits: no syslog daemon writes that. */
  certain: boolean;
}

const cursor = new Cursor();
const date = new DateFields();

export function prefixOf(bytes: Uint8Array, start: number, end: number): Prefix {
  const c = cursor;
  c.reset(bytes, start, end);
  const prefixed = podPrefix(c);
  const digits = timestamp(c);
  const streamed = digits >= 0 && (c.literal('stdout ') || c.literal('stderr '));
  let partial = false;
  if (streamed) {
    partial = c.take(0x50);
    if (!partial) c.take(0x46);
    c.take(space);
  }
  return {
    wrapping: { stamped: digits >= 0, prefixed },
    end: c.at,
    partial,
    certain: streamed || digits === 9,
  };
}

function podPrefix(c: Cursor): boolean {
  const start = c.at;
  if (c.literal('[pod/')) {
    const close = c.find(0x5d, longestPrefix - 64);
    if (close > 0) {
      c.at = close + 1;
      if (c.take(space)) return true;
    }
  }
  c.at = start;
  return false;
}

/** The number of digits of the fraction; -1 when there is no time. */
function timestamp(c: Cursor): number {
  const start = c.at;
  if (isoDate(c, date) && c.take(0x54) && timeOfDay(c, date)) {
    const fractionAt = c.at;
    const digits = fraction(c, date, 0x2e) ? c.at - fractionAt - 1 : 0;
    if (zone(c, date) && c.take(space)) return digits;
  }
  c.at = start;
  return -1;
}

/** Takes the prefixes off every line, and joins what the runtime cut. */
export class Unwrapper {
  readonly #wrapping: Wrapping;
  #held: Uint8Array = new Uint8Array(0);
  /** The rest of a line whose prefix is behind. */
  #inLine = false;
  #partial = false;
  #pod = '';

  constructor(wrapping: Wrapping) {
    this.#wrapping = wrapping;
  }

  push(chunk: Uint8Array): Uint8Array {
    return this.#unwrap(concat(this.#held, chunk), longestPrefix);
  }

  end(): Uint8Array {
    return this.#unwrap(this.#held, 0);
  }

  /** The beginning of an unfinished line is held back until it has `decidable` bytes. */
  #unwrap(input: Uint8Array, decidable: number): Uint8Array {
    // What marks another pod's lines is no longer than the prefix that is taken off.
    const output = new Uint8Array(input.length);
    let length = 0;
    let at = 0;
    while (at < input.length) {
      const found = input.indexOf(newline, at);
      const stop = found < 0 ? input.length : found;
      if (!this.#inLine) {
        if (found < 0 && stop - at < decidable) break;
        const mark = this.#wrapping.prefixed ? this.#markOf(input, at, stop) : undefined;
        if (mark !== undefined) {
          output.set(mark, length);
          length += mark.length;
        }
        at = this.#afterPrefix(input, at, stop);
      }
      output.set(input.subarray(at, stop), length);
      length += stop - at;
      this.#inLine = found < 0;
      if (found >= 0 && !this.#partial) output[length++] = newline;
      at = stop + 1;
    }
    this.#held = input.subarray(at);
    return output.subarray(0, length);
  }

  /** The line that says whose lines follow; undefined: the same pod's. */
  #markOf(input: Uint8Array, at: number, stop: number): Uint8Array | undefined {
    const length = podLength(input, at, stop);
    const pod = latin1(input, at + 1, at + Math.max(1, length - 2));
    if (length === 0 || pod === this.#pod || this.#partial) return undefined;
    this.#pod = pod;
    return concat(concat(Uint8Array.of(streamMark), fromLatin1(pod)), Uint8Array.of(newline));
  }

  #afterPrefix(input: Uint8Array, at: number, stop: number): number {
    const prefix = prefixOf(input, at, stop);
    this.#partial = false;
    if (this.#wrapping.stamped) {
      this.#partial = prefix.partial;
      return prefix.end;
    }
    return prefix.wrapping.stamped ? at + podLength(input, at, stop) : prefix.end;
  }
}

function podLength(input: Uint8Array, at: number, stop: number): number {
  cursor.reset(input, at, stop);
  podPrefix(cursor);
  return cursor.at - at;
}
