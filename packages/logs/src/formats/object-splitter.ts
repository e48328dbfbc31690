import { concat, copyFrom, latin1, maxRecordBytes } from './bytes.js';

const quote = 0x22;
const backslash = 0x5c;
const openObject = 0x7b;
const closeObject = 0x7d;
const openArray = 0x5b;
const closeArray = 0x5d;

const wrapper = /^\{\s*"dmesg"\s*:\s*$/;
const wrapperBytes = 256;

type Found = (bytes: Uint8Array, start: number, end: number) => void;

/**
 * Cuts a JSON document or a sequence of them into objects: those of dmesg --json's one array, or the entries of
 * journalctl -o json-pretty, however they are spaced. What stands between objects is passed over, so a document that
 * begins or ends in the middle gives the objects that are whole.
 */
export class ObjectSplitter {
  readonly #found: Found;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #carry: Uint8Array = new Uint8Array(0);

  constructor(found: Found) {
    this.#found = found;
  }

  push(chunk: Uint8Array): void {
    const bytes = this.#carry.length > 0 ? concat(this.#carry, chunk) : chunk;
    let start = 0;
    for (let at = this.#carry.length; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (this.#depth === 0) {
        if (byte !== openObject) continue;
        start = at;
        this.#depth = 1;
      } else if (this.#inString) {
        this.#inside(byte);
      } else if (byte === quote) {
        this.#inString = true;
      } else if (byte === openObject || byte === openArray) {
        this.#depth++;
        if (this.#depth === 2 && byte === openArray && isWrapper(bytes, start, at)) this.#reset();
      } else if (byte === closeObject || byte === closeArray) {
        this.#depth--;
        if (this.#depth === 0) this.#found(bytes, start, at + 1);
      }
      if (this.#depth > 0 && at - start >= maxRecordBytes) {
        this.#found(bytes, start, at + 1);
        this.#reset();
      }
    }
    this.#carry = this.#depth > 0 ? copyFrom(bytes, start) : new Uint8Array(0);
  }

  /** An object that the input ends in is handed over too, as one over the bound is: it is none, and is counted so. */
  end(): void {
    if (this.#depth > 0) this.#found(this.#carry, 0, this.#carry.length);
    this.#reset();
  }

  #inside(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === backslash) this.#escaped = true;
    else if (byte === quote) this.#inString = false;
  }

  #reset(): void {
    this.#depth = 0;
    this.#inString = false;
    this.#escaped = false;
  }
}

function isWrapper(bytes: Uint8Array, start: number, at: number): boolean {
  return at - start < wrapperBytes && wrapper.test(latin1(bytes, start, at));
}
