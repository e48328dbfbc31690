import { concat, joined, latin1, maxRecordBytes, newline, startsWith } from './bytes.js';

const head = /^(\d{1,5}) (?=<\d{1,3}>)/;
const longestHead = 16;

/** Frames of syslog over TCP (RFC 6587) as they came, with nothing between them but the next one's length. */
export function isOctetCounted(sample: Uint8Array): boolean {
  const first = frameAt(sample, 0);
  return first !== undefined && frameAt(sample, first.end) !== undefined;
}

/** undefined: none begins there. */
function frameAt(bytes: Uint8Array, at: number): { start: number; end: number } | undefined {
  const match = head.exec(latin1(bytes, at, Math.min(bytes.length, at + longestHead)));
  if (match === null) return undefined;
  const start = at + match[0].length;
  return { start, end: start + Number(match[1]) };
}

/** Gives each frame a line of its own. What is no frame stays as it is, up to the next newline. */
export class OctetFrames {
  #held: Uint8Array = new Uint8Array(0);
  /** A line that is no frame, and too long to wait for its end, has begun before. */
  #isWithinLine = false;

  push(chunk: Uint8Array): Uint8Array {
    return this.#lines(concat(this.#held, chunk), false);
  }

  end(): Uint8Array {
    return this.#lines(this.#held, true);
  }

  #lines(input: Uint8Array, isEnd: boolean): Uint8Array {
    const pieces: Uint8Array[] = [];
    let at = 0;
    while (at < input.length) {
      if (!isEnd && input.length - at < longestHead) break;
      const frame = this.#isWithinLine ? undefined : frameAt(input, at);
      if (frame !== undefined) {
        if (frame.end > input.length && !isEnd) break;
        pieces.push(input.subarray(frame.start, frame.end));
        at = frame.end;
      } else {
        const found = input.indexOf(newline, at);
        this.#isWithinLine = found < 0 && !isEnd && input.length - at > maxRecordBytes;
        if (found < 0 && !isEnd && !this.#isWithinLine) break;
        pieces.push(input.subarray(at, found < 0 ? input.length : found));
        at = found < 0 ? input.length : found;
        if (this.#isWithinLine) break;
      }
      if (!startsWith(input, at, input.length, '\n')) pieces.push(Uint8Array.of(newline));
      else pieces.push(input.subarray(at, ++at));
    }
    this.#held = input.slice(at);
    return joined(pieces);
  }
}
