const esc = 0x1b;

/** Takes the colours (`ESC [ … letter`) of dmesg --color=always out of a stream. */
export class Uncolourer {
  #state: 'text' | 'escape' | 'sequence' = 'text';

  push(chunk: Uint8Array): Uint8Array {
    const output = new Uint8Array(chunk.length);
    let length = 0;
    for (const byte of chunk) {
      if (byte === esc) {
        this.#state = 'escape';
      } else if (this.#state === 'text') {
        output[length++] = byte;
      } else if (this.#state === 'escape') {
        this.#state = byte === 0x5b ? 'sequence' : 'text';
      } else if (byte >= 0x40 && byte <= 0x7e) {
        this.#state = 'text';
      }
    }
    return output.subarray(0, length);
  }

  end(): Uint8Array {
    return new Uint8Array(0);
  }
}
