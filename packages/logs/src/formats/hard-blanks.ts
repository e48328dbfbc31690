/** Blanks that do not break, in UTF-8: pages and note books put them for all blanks of a text that is copied from them. */
export function hasHardBlanks(sample: string): boolean {
  return /invoked\xc2\xa0oom-killer:|Killed\xc2\xa0process\xc2\xa0\d/.test(sample);
}

const lead = 0xc2;
const hardBlank = 0xa0;
const space = 0x20;

/** Makes blanks of them. */
export class HardBlanks {
  #held = false;

  push(chunk: Uint8Array): Uint8Array {
    const output = new Uint8Array(chunk.length + 1);
    let length = 0;
    for (const byte of chunk) {
      if (this.#held) {
        this.#held = false;
        if (byte === hardBlank) {
          output[length++] = space;
          continue;
        }
        output[length++] = lead;
      }
      if (byte === lead) this.#held = true;
      else output[length++] = byte;
    }
    return output.subarray(0, length);
  }

  end(): Uint8Array {
    const rest = this.#held ? Uint8Array.of(lead) : new Uint8Array(0);
    this.#held = false;
    return rest;
  }
}
