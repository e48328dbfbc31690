import { concat, fromLatin1, latin1, maxRecordBytes, newline } from './bytes.js';
import { formOf } from './shape.js';

/**
 * A log whose every line is broken at one column, by a terminal or a mailer, is put together before it is read. Certain it
 * is only where the lines themselves show it: each that does not begin as records do had no room in the line before.
 */
export interface Joining {
  /** What a mailer put before every line. */
  quote: string;
  /** How a record begins. */
  begins: RegExp;
  /** The column, without the quote. */
  width: number;
  /** A mailer breaks at a blank, and takes it. */
  atBlanks: boolean;
}

const narrowest = 40;
const fewest = 3;
/** A time, a date or a number shows that a record begins. */
const beginning = /^(?=\D{0,40}\d)(?:.{0,9}\d+|\D*\d+)\D?/;
/** A record in so many lines begins with them. */
const share = 5;
const marks = /^[>|\s-]*/;

/** Words of whoever quotes the log may come first: so many lines of them. */
const mostBefore = 4;

/** How the lines of a log's sample were broken; undefined: not at all, or not so that it is certain. */
export function joiningOf(lines: readonly string[]): Joining | undefined {
  for (let from = 0; from <= mostBefore && from < lines.length; from++) {
    const joining = joiningFrom(lines.slice(from));
    if (joining !== undefined) return joining;
  }
  return undefined;
}

function joiningFrom(lines: readonly string[]): Joining | undefined {
  const quote = commonMarks(lines);
  const own = lines.map((line) => line.slice(quote.length));
  const first = beginning.exec(own[0] ?? '')?.[0];
  if (first === undefined) return undefined;
  const begins = new RegExp(`^${formOf(first)}`);
  const records = own.filter((line) => begins.test(line)).length;
  const rests = own.flatMap((line, i) => (i === 0 || begins.test(line) ? [] : [i]));
  if (records * share < own.length || rests.length < fewest) return undefined;
  for (const atBlanks of [false, true]) {
    const width = widthOf(own, atBlanks);
    const joining = { quote, begins, width, atBlanks };
    const fit = rests.filter((i) => hadNoRoom(own[i - 1]!, own[i]!, joining));
    if (width >= narrowest && fit.length * 20 >= rests.length * 19) return joining;
  }
  return undefined;
}

function commonMarks(lines: readonly string[]): string {
  let common = marks.exec(lines[0] ?? '')![0];
  for (const line of lines) while (!line.startsWith(common)) common = common.slice(0, -1);
  return /[>|-]/.test(common) ? common : '';
}

/** A word that is longer than a mailer's column has a line of its own. */
function widthOf(lines: readonly string[], atBlanks: boolean): number {
  const counted = atBlanks ? lines.filter((line) => line.trimEnd().includes(' ')) : lines;
  return Math.max(0, ...counted.map(({ length }) => length));
}

function hadNoRoom(before: string, line: string, { width, atBlanks }: Joining): boolean {
  if (!atBlanks) return before.length === width;
  return before.length + 1 + /^\S*/.exec(line)![0].length > width;
}

/** Puts the lines together. Empty lines stand for those that were joined, so that lines keep their numbers. */
export class Rejoiner {
  readonly #joining: Joining;
  #rest = '';
  /** The record so far, the last line of it, and how many lines were joined to it. */
  #record: string | undefined;
  #last = '';
  #joined = 0;

  constructor(joining: Joining) {
    this.#joining = joining;
  }

  push(chunk: Uint8Array): Uint8Array {
    const end = chunk.lastIndexOf(newline);
    if (end < 0) {
      this.#rest += latin1(chunk, 0, chunk.length);
      return this.#rest.length > maxRecordBytes ? this.#flushed() : new Uint8Array(0);
    }
    const lines = (this.#rest + latin1(chunk, 0, end)).split('\n');
    this.#rest = latin1(chunk, end + 1, chunk.length);
    return fromLatin1(lines.map((line) => this.#take(line)).join(''));
  }

  end(): Uint8Array {
    const rest = this.#rest;
    this.#rest = '';
    const last = rest === '' ? '' : this.#take(rest);
    return concat(fromLatin1(last), fromLatin1(this.#release()));
  }

  /** A line without an end is no log's. */
  #flushed(): Uint8Array {
    const text = this.#release() + this.#rest;
    this.#rest = '';
    return fromLatin1(text);
  }

  /** Gives what is finished by the line. */
  #take(line: string): string {
    const { quote, begins, atBlanks } = this.#joining;
    const text = line.startsWith(quote) ? line.slice(quote.length) : line;
    const goesOn =
      this.#record !== undefined &&
      text !== '' &&
      !begins.test(text) &&
      this.#record.length + text.length < maxRecordBytes &&
      hadNoRoom(this.#last, text, this.#joining);
    const finished = goesOn ? '' : this.#release();
    this.#record = goesOn ? `${this.#record}${atBlanks ? ' ' : ''}${text}` : text;
    this.#last = text;
    if (goesOn) this.#joined++;
    return finished;
  }

  #release(): string {
    const text = this.#record === undefined ? '' : `${this.#record}\n${'\n'.repeat(this.#joined)}`;
    this.#record = undefined;
    this.#joined = 0;
    return text;
  }
}
