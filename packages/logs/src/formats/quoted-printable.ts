import { concat, newline } from './bytes.js';

const equals = 0x3d;
const carriageReturn = 0x0d;

/** A mail says so in its head; a piece of one shows it in the kernel's own words. */
const signs =
  /^content-transfer-encoding: *quoted-printable|gfp_mask=3D0x|constraint=3DCONSTRAINT_/im;

export function isQuotedPrintable(sample: string): boolean {
  return signs.test(sample);
}

/** Undoes a mail's encoding (RFC 2045, 6.7): `=3D` is a byte, `=` at a line's end joins it with the next one. */
export class QuotedPrintableDecoder {
  /** An `=` and what follows it, as long as its meaning is not known. */
  #held: Uint8Array = new Uint8Array(0);

  push(chunk: Uint8Array): Uint8Array {
    const input = concat(this.#held, chunk);
    const output = new Uint8Array(input.length);
    let length = 0;
    let at = 0;
    while (at < input.length) {
      const byte = input[at]!;
      if (byte !== equals) {
        output[length++] = byte;
        at++;
        continue;
      }
      // The longest that has a meaning is `=`, CR, newline; `=3D` is as long.
      if (at + 2 >= input.length && input[at + 1] !== newline) break;
      const taken = softBreak(input, at);
      const value = taken > 0 ? -1 : hexByte(input, at + 1);
      if (value >= 0) output[length++] = value;
      else if (taken === 0) output[length++] = byte;
      at += taken > 0 ? taken : value >= 0 ? 3 : 1;
    }
    this.#held = input.slice(at);
    return output.subarray(0, length);
  }

  end(): Uint8Array {
    const rest = this.#held;
    this.#held = new Uint8Array(0);
    return rest;
  }
}

/** How long a break is that the encoding put in; 0: none. */
function softBreak(input: Uint8Array, at: number): number {
  if (input[at + 1] === newline) return 2;
  return input[at + 1] === carriageReturn && input[at + 2] === newline ? 3 : 0;
}

/** -1: no hexadecimal digits. */
function hexByte(input: Uint8Array, at: number): number {
  const digits = String.fromCharCode(input[at]!, input[at + 1]!);
  return /^[0-9A-Fa-f]{2}$/.test(digits) ? Number.parseInt(digits, 16) : -1;
}
