import { Base64Decoder } from './base64.js';
import { concat, fromLatin1, joined, latin1, maxRecordBytes, newline } from './bytes.js';
import { QuotedPrintableDecoder } from './quoted-printable.js';

const firstLine =
  /^(?:From \S+ +(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) |(?:Return-Path|Received|Delivered-To|X-[A-Za-z-]+|From|To|Date|Subject|Message-ID|MIME-Version|Content-(?:Type|Transfer-Encoding)|DKIM-Signature|ARC-[A-Za-z-]+|Authentication-Results|List-[A-Za-z]+):)/i;
const encodingLine = /^content-transfer-encoding: *"?(base64|quoted-printable)/i;
const boundary = /^--[^ ]/;
const nextMail = /^From \S+ +(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) /;

/** A mail or a mailbox, by its first line. */
export function isMail(sample: string): boolean {
  return firstLine.test(sample);
}

type Decoder = Pick<QuotedPrintableDecoder, 'push' | 'end'>;

/** Undoes the encoding of each part of a mail (RFC 2045); its head and the parts' heads stay as they are. */
export class MailDecoder {
  #held: Uint8Array = new Uint8Array(0);
  /** A line so long that it was not waited for has begun before. */
  #isWithinLine = false;
  #inHead = true;
  #decoder: Decoder | undefined;
  #next: Decoder | undefined;

  push(chunk: Uint8Array): Uint8Array {
    const input = concat(this.#held, chunk);
    const output: Uint8Array[] = [];
    let at = 0;
    for (let stop = input.indexOf(newline); stop >= 0; stop = input.indexOf(newline, at)) {
      output.push(...this.#line(input.subarray(at, stop + 1)));
      at = stop + 1;
    }
    this.#held = input.slice(at);
    if (this.#held.length > maxRecordBytes) output.push(...this.#rest());
    return joined(output);
  }

  end(): Uint8Array {
    return joined([...this.#rest(), ...this.#leave()]);
  }

  /** A line as far as it has come; how it begins is known, and what comes next goes on with it. */
  #rest(): Uint8Array[] {
    const output = this.#line(this.#held);
    this.#held = new Uint8Array(0);
    this.#isWithinLine = true;
    return output;
  }

  #line(line: Uint8Array): Uint8Array[] {
    const isWhole = !this.#isWithinLine;
    this.#isWithinLine = false;
    const text = isWhole ? latin1(line, 0, Math.min(line.length, maxRecordBytes)) : 'x';
    if (this.#inHead) {
      this.#headLine(text.replace(/\r*\n$/, ''));
      return [line];
    }
    if (boundary.test(text) || nextMail.test(text)) {
      this.#inHead = true;
      return [...this.#leave(), line];
    }
    return [this.#decoder === undefined ? line : new Uint8Array(this.#decoder.push(line))];
  }

  #headLine(text: string): void {
    const encoding = encodingLine.exec(text)?.[1]?.toLowerCase();
    if (encoding === 'base64') this.#next = new Base64Decoder();
    else if (encoding !== undefined) this.#next = new QuotedPrintableDecoder();
    if (text !== '') return;
    this.#inHead = false;
    this.#decoder = this.#next;
    this.#next = undefined;
  }

  /** The part is over: its last bytes, and the line's end that an encoded text may lack. */
  #leave(): Uint8Array[] {
    const decoder = this.#decoder;
    this.#decoder = undefined;
    return decoder === undefined ? [] : [new Uint8Array(decoder.end()), fromLatin1('\n')];
  }
}
