import { fromLatin1, latin1, maxRecordBytes, newline } from './bytes.js';
import { type Fields, journalFields } from './structured-line.js';

const equals = 0x3d;
const longestName = 64;
const sizeBytes = 8;

type State = 'line' | 'size' | 'value';

/**
 * Cuts the journal's export format into entries: `FIELD=value` lines, or `FIELD`, a little-endian 64-bit length and so
 * many bytes; an empty line ends an entry. Only the fields that matter are kept, each up to the bound.
 */
export class ExportSplitter {
  readonly #found: (fields: Fields) => void;
  readonly #cut: () => void;
  readonly #names: readonly Uint8Array[] = journalFields.map(fromLatin1);
  #fields = new Map<string, string>();
  #state: State = 'line';
  /** Bytes of the current line, size or value, up to the bound. */
  readonly #held = new Uint8Array(maxRecordBytes);
  #heldLength = 0;
  #overflowed = false;
  /** The binary field that is being read; undefined: one that does not matter. */
  #name: string | undefined;
  /** Bytes still to come of a size or a value, with the newline after a value. */
  #missing = 0;

  /** `cut` is called for every value that was cut at the bound. */
  constructor(found: (fields: Fields) => void, cut: () => void) {
    this.#found = found;
    this.#cut = cut;
  }

  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      at = this.#state === 'line' ? this.#line(chunk, at) : this.#counted(chunk, at);
    }
  }

  /** The end of the input ends the last entry. */
  end(): void {
    if (this.#state === 'line') {
      if (this.#heldLength > 0) this.#field(this.#held, 0, this.#heldLength);
      this.#finish();
    }
  }

  #line(chunk: Uint8Array, at: number): number {
    const found = chunk.indexOf(newline, at);
    const stop = found < 0 ? chunk.length : found;
    if (found >= 0 && this.#heldLength === 0 && stop - at <= maxRecordBytes) {
      this.#field(chunk, at, stop);
    } else {
      this.#hold(chunk, at, stop);
      if (found < 0) return stop;
      if (this.#overflowed) this.#cut();
      const length = this.#heldLength;
      this.#clear();
      this.#field(this.#held, 0, length);
    }
    return stop + 1;
  }

  #field(bytes: Uint8Array, start: number, end: number): void {
    if (start === end) {
      this.#finish();
      return;
    }
    let nameEnd = start;
    while (nameEnd < end && bytes[nameEnd] !== equals) nameEnd++;
    const name = this.#nameOf(bytes, start, nameEnd);
    if (nameEnd < end) {
      if (name !== undefined) this.#fields.set(name, latin1(bytes, nameEnd + 1, end));
    } else if (isFieldName(bytes, start, end)) {
      this.#name = name;
      this.#state = 'size';
      this.#missing = sizeBytes;
    }
  }

  #counted(chunk: Uint8Array, at: number): number {
    const stop = Math.min(chunk.length, at + this.#missing);
    this.#hold(chunk, at, stop);
    this.#missing -= stop - at;
    if (this.#missing > 0) return stop;
    const length = this.#heldLength;
    const overflowed = this.#overflowed;
    this.#clear();
    if (this.#state === 'size') {
      const view = new DataView(this.#held.buffer, 0, sizeBytes);
      this.#missing = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32 + 1;
      this.#state = 'value';
      return stop;
    }
    this.#state = 'line';
    if (this.#name !== undefined) {
      if (overflowed) this.#cut();
      // Without the newline after it, which a cut value does not hold.
      this.#fields.set(this.#name, latin1(this.#held, 0, overflowed ? length : length - 1));
    }
    return stop;
  }

  #finish(): void {
    if (this.#fields.size === 0) return;
    const fields = this.#fields;
    this.#fields = new Map();
    this.#found(fields);
  }

  #hold(chunk: Uint8Array, start: number, end: number): void {
    const room = maxRecordBytes - this.#heldLength;
    const taken = Math.min(room, end - start);
    this.#held.set(chunk.subarray(start, start + taken), this.#heldLength);
    this.#heldLength += taken;
    if (taken < end - start) this.#overflowed = true;
  }

  #clear(): void {
    this.#heldLength = 0;
    this.#overflowed = false;
  }

  #nameOf(bytes: Uint8Array, start: number, end: number): string | undefined {
    for (let i = 0; i < this.#names.length; i++) {
      const name = this.#names[i]!;
      if (name.length !== end - start) continue;
      let same = 0;
      while (same < name.length && bytes[start + same] === name[same]) same++;
      if (same === name.length) return journalFields[i];
    }
    return undefined;
  }
}

/** journald's rule for a field's name. Without it a line of junk would be taken for a field of any size. */
function isFieldName(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > longestName) return false;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    const letter = byte >= 0x41 && byte <= 0x5a;
    const digit = byte >= 0x30 && byte <= 0x39;
    if (!letter && !digit && byte !== 0x5f) return false;
  }
  return true;
}
