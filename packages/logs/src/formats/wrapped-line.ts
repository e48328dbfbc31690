import type { CutLine } from './cut-line.js';
import { beginsWithWords, invoked, isNeverBroken, isWhole } from './kernel-words.js';
import type { Breaks } from './line-breaks.js';
import type { LogLine } from './log-line.js';

/** Terminals are this wide at least; what is shorter was broken by a mailer, at a blank. */
const narrowestTerminal = 80;
/** Nothing breaks a line that is shorter. */
const shortestBroken = 60;
const maxPieces = 16;
/** For so many pieces every way to join them is tried. */
const fewPieces = 6;
const longestName = 15;
const row = /^\[ *\d/;

const announcements = ['Memory cgroup out of memory: ', 'Out of memory: '].flatMap((words) => [
  `${words}Killed process `,
  `${words}Kill process `,
]);
announcements.push('Killed process ', 'oom_reaper: reaped process ');
/** A row of the table up to its last number: what follows is its name. */
const fullRow = /^\[ *\d{1,10}\](?: +-?\d+){6,11}$/;
const nameBegins = /^[^\d\s-]/;
const cutRow = /^\[ *\d{1,10}\](?: +-?\d+){2,5} *$/;

/** Where a line stood in the log. */
export interface Place {
  length: number;
  next: number;
  /** It is in a string that goes on in the next line, as YAML folds them. */
  quote?: string;
}

/**
 * A line of the kernel that may go on in the next line of the log: a terminal, a pager or a mailer broke it, or a process
 * name in it has a newline and the kernel repeats the prefix there.
 */
export class WrappedLine {
  readonly line: LogLine;
  readonly form: CutLine['form'];
  /** The line that ends where this begins may be its rest. */
  next: number;
  readonly #pieces: string[];
  readonly #lengths: number[];
  /** Joined by a newline: of a name. */
  readonly #newlines = new Set<number>();
  /** The line had a time before it, so that a line without one is none of its own. */
  readonly #stamped: boolean;
  readonly #outer: string;
  readonly #breaks: Breaks;
  readonly #quote: string | undefined;

  constructor(
    line: LogLine,
    text: string,
    place: Place,
    stamped: boolean,
    form: CutLine['form'],
    outer: string,
    breaks?: Breaks,
  ) {
    this.#breaks = breaks;
    this.line = line;
    this.form = form;
    this.next = place.next;
    this.#pieces = [text];
    this.#lengths = [place.length];
    this.#stamped = stamped;
    this.#outer = outer;
    this.#quote = place.quote;
  }

  get #first(): string {
    return this.#pieces[0]!;
  }

  get canGoOn(): boolean {
    const text = this.#first;
    if (this.#hasWords) return this.#lengths[0]! >= shortestBroken || !isWhole(text);
    return this.#isBeginning;
  }

  /** Broken before it says which line it is. */
  get #isBeginning(): boolean {
    const text = this.#first;
    if (text.trim() === '') return true;
    const isAnnouncement = announcements.some((words) => words.startsWith(text));
    return (isAnnouncement && text.length > 3) || cutRow.test(text);
  }

  get #hasWords(): boolean {
    return beginsWithWords(this.#first) || this.#first.includes(invoked);
  }

  get #mayBeName(): boolean {
    return (
      this.form === 'exact' &&
      this.line.timestampUs !== undefined &&
      this.#first.length < longestName
    );
  }

  /** Takes the next line of the log if it is the rest of this one. */
  takes({ line, length, next }: CutLine): boolean {
    if (this.#pieces.length >= maxPieces || isNeverBroken(this.#first)) return false;
    if (!this.#stamped && /^CPU: /.test(this.#first)) return false;
    // Without a time nothing distinguishes a row's name from the next line.
    if (!this.#stamped && row.test(this.#first) && isWhole(this.#first)) return false;
    if (!this.#hasWords && !this.#isBeginning) return false;
    const text = this.#withoutOuter(line.text);
    if (text.trim() === '' || !this.#goesOnWith(text)) return false;
    this.#pieces.push(text);
    this.#lengths.push(length);
    this.next = next;
    return true;
  }

  #goesOnWith(text: string): boolean {
    const soFar = this.#joined();
    // A mailer breaks before a word that is longer than the column.
    if (soFar.trim() === '') return beginsWithWords(text);
    const whole = isWhole(soFar);
    if (!whole && this.#breaksInName && isWhole(`${soFar}\n${text}`)) return true;
    if (!whole && (isWhole(soFar + text) || isWhole(`${soFar} ${text}`))) return true;
    if (beginsWithWords(text)) return /ut of memory:$/.test(soFar.trimEnd());
    if (text.includes(invoked)) return false;
    const last = this.#lengths.at(-1)!;
    if (whole)
      return last >= shortestBroken && (isWhole(soFar + text) || isWhole(`${soFar} ${text}`));
    return this.#stamped || last >= shortestBroken;
  }

  /** The next line, of a known form, is the rest of a name: the kernel repeats the prefix, with the same time. */
  takesName({ line, form, at, next, length }: CutLine): boolean {
    if (form !== this.form || !this.#stamped || line.source !== undefined) return false;
    if (line.timestampUs === undefined || line.timestampUs !== this.line.timestampUs) return false;
    if (at !== this.next || !this.#nameGoesOn(line.text)) return false;
    this.#newlines.add(this.#pieces.length);
    this.#pieces.push(line.text);
    this.#lengths.push(length);
    this.next = next;
    return true;
  }

  /** Whether the line that was not asked for begins a name that goes on in the one that was. */
  beginsName({ line }: CutLine): boolean {
    return (
      line.timestampUs !== undefined &&
      line.timestampUs === this.line.timestampUs &&
      this.#mayBeName &&
      this.#nameGoesOn(line.text)
    );
  }

  #nameGoesOn(text: string): boolean {
    const joined = `${this.#joined()}\n${text}`;
    if (beginsWithWords(text)) return false;
    const asked = joined.indexOf(invoked);
    if (!this.#hasWords) return asked >= 0 && asked <= longestName;
    if (asked >= 0) return false;
    const soFar = this.#joined();
    if (!isWhole(soFar)) return isWhole(joined) || !/\) (?:total-vm|score)/.test(soFar);
    const name = /^\[ *\d+\](?: +-?\d+){6,11} ([\s\S]*)$/.exec(joined)?.[1];
    return name !== undefined && name.length <= longestName;
  }

  /** Too short for anything to have broken it, it ends within a name: the newline is the name's own. */
  get #breaksInName(): boolean {
    const isShort = this.#lengths.every((length, i) => length < shortestBroken || i > 0);
    return isShort && /(?:process|victim) \d+ \([^)]*$|,task=[^,]*$/.test(this.#first);
  }

  #withoutOuter(text: string): string {
    if (this.#quote !== undefined) {
      const rest = text.trim();
      return rest.endsWith(this.#quote) ? rest.slice(0, -1) : rest;
    }
    if (this.#outer === '') return text;
    if (typeof this.#breaks === 'number') {
      // A terminal breaks anywhere: blanks at the beginning are the line's.
      const quote = /^[>|\s]*/.exec(this.#outer)![0];
      return text.startsWith(quote) ? text.slice(quote.length) : text;
    }
    if (text.startsWith(this.#outer)) return text.slice(this.#outer.length);
    return /[>|\s]$/.test(this.#outer) ? text.replace(/^[>|\s]+/, '') : text;
  }

  /** The line put together, and what of the lines after it was none of it. */
  whole(): { text: string | undefined; rest: string[] } {
    if (this.#pieces.length === 1) return { text: undefined, rest: [] };
    for (let count = this.#pieces.length; count > 1; count--) {
      const text = this.#wholeOf(count);
      if (text !== undefined) return { text, rest: this.#pieces.slice(count) };
    }
    if (isWhole(this.#first) || this.form === 'bare') {
      return { text: undefined, rest: this.#pieces.slice(1) };
    }
    return { text: this.#joined(), rest: [] };
  }

  #wholeOf(count: number): string | undefined {
    const ways = [
      ...(this.#breaksInName ? [this.#joinedBy(count, () => '\n')] : []),
      this.#joined(count),
      this.#joinedBy(count, () => ''),
      this.#joinedBy(count, () => ' '),
    ];
    if (count <= fewPieces) {
      for (let way = 0; way < 2 ** (count - 1); way++) {
        ways.push(this.#joinedBy(count, (i) => ((way >> (i - 1)) & 1 ? ' ' : '')));
      }
    }
    return ways.find(isWhole);
  }

  /** As the lengths show: all full lines of a terminal are of one length. */
  #joined(count = this.#pieces.length): string {
    return this.#joinedBy(count, (i) => {
      const length = this.#lengths[i - 1]!;
      if (typeof this.#breaks === 'number') return length === this.#breaks ? '' : ' ';
      if (this.#breaks === 'at blanks') return ' ';
      const isFull = length >= narrowestTerminal || (i > 1 && length === this.#lengths[0]);
      return isFull ? '' : ' ';
    });
  }

  #joinedBy(count: number, separator: (i: number) => string): string {
    let text = this.#first;
    for (let i = 1; i < count; i++) {
      const piece = this.#pieces[i]!;
      if (this.#newlines.has(i)) text += `\n${piece}`;
      else if (text.trim() === '') text = piece;
      else if (fullRow.test(text) && nameBegins.test(piece)) text += ` ${piece}`;
      else text += /\s$/.test(text) || /^\s/.test(piece) ? piece : `${separator(i)}${piece}`;
    }
    return text;
  }
}
