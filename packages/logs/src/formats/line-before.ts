import { copyFrom, latin1, newline, trimCr } from './bytes.js';
import { LineHead } from './line-head.js';
import type { LogLine } from './log-line.js';
import { isQuoteMark, lineStart } from './record-borders.js';
import type { LineDates } from './wall-time.js';

/** A line that may be the beginning of a name has no more than a prefix and a few bytes. */
const longestBefore = 200;

/** The line before one that was asked for, where it is short: it may be the beginning of a name. */
export class LineBefore {
  readonly #dates: LineDates;
  readonly #parser = new LineHead(undefined);
  /** The last line of the block before. */
  #last: Uint8Array = new Uint8Array(0);

  constructor(dates: LineDates) {
    this.#dates = dates;
  }

  /** A block ends at `end`, and the next one begins there. */
  remember(bytes: Uint8Array, start: number, end: number): void {
    const stop = end > start && bytes[end - 1] === newline ? end - 1 : end;
    const from = lineStart(bytes, stop, Math.max(start, stop - longestBefore - 1));
    this.#last = copyFrom(bytes.subarray(0, trimCr(bytes, from, stop)), from);
  }

  /** Bytes that were not seen lie between the blocks. */
  forget(): void {
    this.#last = new Uint8Array(0);
  }

  /** Of the line that begins at `at` in a block that begins at `blockStart`; undefined: it is of no known form, or long. */
  read(block: Uint8Array, blockStart: number, at: number): LogLine | undefined {
    let bytes = this.#last;
    let start = 0;
    let end = bytes.length;
    if (at > blockStart) {
      bytes = block;
      start = lineStart(bytes, at - 1, blockStart);
      end = trimCr(bytes, start, at - 1);
    }
    if (end - start > longestBefore) return undefined;
    while (start < end && isQuoteMark(bytes[start])) start++;
    if (!this.#parser.parse(bytes, start, end)) return undefined;
    const { head } = this.#parser;
    if (!head.ofKernel) return undefined;
    const line: LogLine = { seq: 0n, text: latin1(bytes, head.text, end) };
    if (head.timestampUs >= 0) line.timestampUs = head.timestampUs;
    if (head.hostEnd > 0) {
      line.host = latin1(bytes, head.hostStart, head.hostEnd);
      line.stream = line.host;
    }
    if (head.date.month !== -1) this.#dates.write(line, head.date);
    return line;
  }
}
