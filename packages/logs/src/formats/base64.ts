import { latin1 } from './bytes.js';

const alphabet = /^[A-Za-z0-9+/\r\n]{64,}={0,2}[\r\n]*$/;
const words = /invoked oom-killer:|Killed process \d|kernel: |\[ *\d+\.\d{6}\] /;

/** The log is nothing but base64, and what it says is a log. */
export function isBase64(sample: Uint8Array): boolean {
  const text = latin1(sample, 0, sample.length);
  if (!alphabet.test(text)) return false;
  const decoded = new Base64Decoder().push(sample);
  return words.test(latin1(decoded, 0, decoded.length));
}

/** Decodes base64 (RFC 4648); what is not of its alphabet is passed over, as mails demand. */
export class Base64Decoder {
  #bits = 0;
  #count = 0;

  push(chunk: Uint8Array): Uint8Array {
    const output = new Uint8Array(Math.ceil(chunk.length * 0.75) + 3);
    let length = 0;
    for (const byte of chunk) {
      const value = sextetOf(byte);
      if (value < 0) continue;
      this.#bits = ((this.#bits << 6) | value) & 0xffffff;
      this.#count += 6;
      if (this.#count < 8) continue;
      this.#count -= 8;
      output[length++] = (this.#bits >> this.#count) & 0xff;
    }
    return output.subarray(0, length);
  }

  end(): Uint8Array {
    this.#count = 0;
    return new Uint8Array(0);
  }
}

function sextetOf(byte: number): number {
  if (byte >= 0x41 && byte <= 0x5a) return byte - 0x41;
  if (byte >= 0x61 && byte <= 0x7a) return byte - 0x61 + 26;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30 + 52;
  if (byte === 0x2b) return 62;
  return byte === 0x2f ? 63 : -1;
}
