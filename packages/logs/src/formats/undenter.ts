import { newline, space } from './bytes.js';

const tab = 0x09;

/**
 * Takes the indentation off that all lines of a log have in common: issues and mails quote logs so. Blanks at a line's
 * beginning mean something to every reader behind this: the line before goes on.
 */
export class Undenter {
  readonly #blanks: number;
  /** Blanks of the current line that were taken off; -1: it has none left to take. */
  #taken = 0;

  constructor(blanks: number) {
    this.#blanks = blanks;
  }

  push(chunk: Uint8Array): Uint8Array {
    const output = new Uint8Array(chunk.length);
    let length = 0;
    for (let at = 0; at < chunk.length; ) {
      const byte = chunk[at]!;
      if (this.#taken >= 0 && this.#taken < this.#blanks && (byte === space || byte === tab)) {
        this.#taken++;
        at++;
        continue;
      }
      const found = chunk.indexOf(newline, at);
      const stop = found < 0 ? chunk.length : found + 1;
      output.set(chunk.subarray(at, stop), length);
      length += stop - at;
      this.#taken = found < 0 ? -1 : 0;
      at = stop;
    }
    return output.subarray(0, length);
  }

  end(): Uint8Array {
    return new Uint8Array(0);
  }
}

/** How many blanks all of the lines begin with; 0: not all do. Empty lines do not count. */
export function commonIndent(lines: Iterable<readonly [Uint8Array, number, number]>): number {
  let least = Number.POSITIVE_INFINITY;
  for (const [bytes, start, end] of lines) {
    let at = start;
    while (at < end && (bytes[at] === space || bytes[at] === tab)) at++;
    if (at < end) least = Math.min(least, at - start);
  }
  return Number.isFinite(least) ? least : 0;
}
