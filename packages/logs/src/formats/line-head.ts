import { Cursor } from './bytes.js';
import { Head } from './head.js';
import { dmesgHead } from './head-dmesg.js';
import { kmsgHead } from './head-kmsg.js';
import { monotonicHead, syslogHead } from './head-syslog.js';
import type { LogFormat } from './log-line.js';

type HeadParser = (c: Cursor, head: Head) => boolean;

/** syslog before dmesg: `<14>Nov 23 …` is also a `<14>` with a text. */
const parsers: readonly HeadParser[] = [kmsgHead, syslogHead, dmesgHead];

/**
 * Reads what stands before a line's text, in whichever format the line is; the format of the line before it is tried
 * first. Files that people send are often glued together from several tools' output.
 */
export class LineHead {
  readonly head = new Head();
  readonly #cursor = new Cursor();
  #preferred: HeadParser | undefined;

  /** short-monotonic is read only where the whole log is recognised as it: dmesg's `[ 1.5] usb 1-1: …` looks alike. */
  constructor(format: LogFormat | undefined) {
    if (format === 'journal-short-monotonic') this.#preferred = monotonicHead;
  }

  parse(bytes: Uint8Array, start: number, end: number): boolean {
    const preferred = this.#preferred;
    if (preferred !== undefined && this.#try(preferred, bytes, start, end)) return true;
    for (const parser of parsers) {
      if (parser === preferred || !this.#try(parser, bytes, start, end)) continue;
      if (preferred !== monotonicHead) this.#preferred = parser;
      return true;
    }
    return false;
  }

  #try(parser: HeadParser, bytes: Uint8Array, start: number, end: number): boolean {
    this.#cursor.reset(bytes, start, end);
    this.head.reset();
    return parser(this.#cursor, this.head);
  }
}
