import { latin1, newline } from './bytes.js';

const quote = 0x22;
const backslash = 0x5c;
const openObject = 0x7b;
const comma = 0x2c;
const openArray = 0x5b;
const space = 0x20;
const beginning = /^\s*[[{]/;
const between = /\}, ?\{|\], ?\[/;
/** A record of its own is not that long. */
const longRecord = 2048;

/** A document as services answer it: one line, with the log's lines in an array. */
export function isOneLineJson(sample: Uint8Array): boolean {
  const stop = sample.indexOf(newline);
  const first = latin1(sample, 0, stop < 0 ? sample.length : stop);
  return first.length >= longRecord && beginning.test(first) && between.test(first);
}

/** Begins a line at each object or array of an array. */
export class ArrayBreaker {
  #inString = false;
  #escaped = false;
  /** The last byte outside strings that is no blank. */
  #last = 0;

  push(chunk: Uint8Array): Uint8Array {
    const output = new Uint8Array(chunk.length * 2);
    let length = 0;
    for (const byte of chunk) {
      if (this.#inString) this.#inside(byte);
      else if (byte === quote) this.#inString = true;
      else if (
        (byte === openObject || byte === openArray) &&
        (this.#last === comma || this.#last === openArray)
      ) {
        output[length++] = newline;
      }
      if (byte !== space) this.#last = this.#inString ? quote : byte;
      output[length++] = byte;
    }
    return output.subarray(0, length);
  }

  end(): Uint8Array {
    return new Uint8Array(0);
  }

  #inside(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === backslash) this.#escaped = true;
    else if (byte === quote) this.#inString = false;
  }
}
