import { concat } from './bytes.js';

export type Utf16 = 'little' | 'big';

/** PowerShell 5 writes what it redirects as UTF-16, Windows' editors offer it. With a byte order mark or without one. */
export function utf16Of(sample: Uint8Array): Utf16 | undefined {
  if (sample[0] === 0xff && sample[1] === 0xfe) return 'little';
  if (sample[0] === 0xfe && sample[1] === 0xff) return 'big';
  let even = 0;
  let odd = 0;
  const length = Math.min(sample.length, 4096) & ~1;
  for (let at = 0; at < length; at += 2) {
    if (sample[at] === 0) even++;
    if (sample[at + 1] === 0) odd++;
  }
  const most = (length / 2) * 0.9;
  if (length < 32) return undefined;
  if (odd >= most && even === 0) return 'little';
  return even >= most && odd === 0 ? 'big' : undefined;
}

/** Writes a stream of UTF-16 as UTF-8. */
export class Utf16Decoder {
  readonly #decoder: InstanceType<typeof TextDecoder>;
  readonly #encoder = new TextEncoder();

  constructor(order: Utf16) {
    this.#decoder = new TextDecoder(order === 'little' ? 'utf-16le' : 'utf-16be');
  }

  push(chunk: Uint8Array): Uint8Array {
    return this.#encoder.encode(this.#decoder.decode(chunk, { stream: true }));
  }

  end(): Uint8Array {
    return this.#encoder.encode(this.#decoder.decode());
  }
}

/** Takes UTF-8's byte order mark off the beginning of a stream. */
export class MarkRemover {
  #held: Uint8Array | undefined = new Uint8Array(0);

  push(chunk: Uint8Array): Uint8Array {
    if (this.#held === undefined) return chunk;
    const bytes = concat(this.#held, chunk);
    if (bytes.length < 3) {
      this.#held = bytes;
      return new Uint8Array(0);
    }
    this.#held = undefined;
    return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
  }

  end(): Uint8Array {
    const rest = this.#held ?? new Uint8Array(0);
    this.#held = undefined;
    return rest;
  }
}
