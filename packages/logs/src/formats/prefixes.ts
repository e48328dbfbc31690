import { fromLatin1, latin1 } from './bytes.js';
import type { Head } from './head.js';
import { invoked, wordsAt } from './kernel-words.js';
import { LineHead } from './line-head.js';
import type { LogLine } from './log-line.js';
import { formOf } from './shape.js';
import { stampsOf } from './stamps.js';
import type { LineDates } from './wall-time.js';

/** What stands before the words of a line. */
export interface Prefix {
  /** Where the text begins. */
  end: number;
  /** What stands before the part that is of a known form; all of it when no part is. */
  outer: string;
  /** Whether a part is of a known form. */
  hasHead: boolean;
  /** Whether it has a time, so that a line without it is no line of its own. */
  stamped: boolean;
  found: Partial<LogLine>;
}

/** The prefix that the lines of a report share. */
interface Shape {
  outer: RegExp;
  hasHead: boolean;
  /** Whether it has a time. */
  stamped: boolean;
  /** What is left after a part of a known form. */
  rest: RegExp | undefined;
}

const maxShapes = 16;
export const longestPrefix = 1024;
export const longestName = 15;
/** A kernel line whose text stands behind these alone may still begin with it: brackets, numbers, blanks, quote marks. */
export const stampOnly =
  /^(?:\s|\[[^\]]*\]|\([^)]*\)|<\d+>|\*\* \d+ printk messages dropped \*\*|[-:|>*.,\d]|\xc2\xa0)*$/;
/** A name may begin so, but a prefix is likelier. */
export const notName = /^[\s[<("':|>*-]/;
/** One word that a machine, a pod or a file may be called by. */
const looksLikeHost = /^(?=\S*[-./\d])\S{2,253}$/;
const boundary = /[\s:>|"'=\][)(-]/;

const keyOf = ({ hasHead, outer }: Prefix) => `${hasHead}${formOf(outer)}`;

/** Learns what stands before the kernel's words in lines of no known form, and finds it in others. */
export class Prefixes {
  readonly #dates: LineDates;
  readonly #head = new LineHead(undefined);
  readonly #shapes = new Map<string, Shape>();
  #text = '';
  #bytes: Uint8Array = new Uint8Array();

  constructor(dates: LineDates) {
    this.#dates = dates;
  }

  /** The prefix of the line, if other lines have it. `asked`: where it must have ended. */
  *like(text: string, asked = -1): Generator<Prefix> {
    for (const shape of this.#shapes.values()) {
      const match = shape.outer.exec(text.slice(0, longestPrefix));
      const prefix = match === null ? undefined : this.#prefixLike(text, match[0], shape);
      if (prefix === undefined) continue;
      const isBefore = prefix.end <= asked && asked - prefix.end <= longestName;
      if (asked < 0 || isBefore) yield prefix;
    }
  }

  /** The line has a prefix that other lines have, and a time in it. */
  isOwn(text: string): boolean {
    const words = text.includes(invoked) ? text.indexOf(invoked) : wordsAt(text);
    if (words > 0 && this.before(text, words)?.stamped) return true;
    for (const shape of this.#shapes.values()) {
      const match = shape.stamped ? shape.outer.exec(text.slice(0, longestPrefix)) : null;
      if (match === null) continue;
      if (!shape.hasHead || this.#headAt(text, match[0].length) !== undefined) return true;
    }
    return false;
  }

  /** What stands before the words: the leftmost part of a known form that ends there, and what is around it. */
  before(text: string, words: number): Prefix | undefined {
    if (words > longestPrefix) return undefined;
    for (let at = 0; at < words; at++) {
      if (!this.#mayBegin(text, at)) continue;
      const head = this.#headAt(text, at);
      if (head !== undefined && head.end <= words && stampOnly.test(text.slice(head.end, words))) {
        return head;
      }
    }
    return this.#plain(text.slice(0, words));
  }

  /** A part of a known form that ends where a name begins. */
  headBefore(text: string, asked: number): Prefix | undefined {
    if (asked > longestPrefix) return undefined;
    for (let at = 0; at < asked; at++) {
      if (!this.#mayBegin(text, at)) continue;
      const head = this.#headAt(text, at);
      if (head === undefined || head.end > asked) continue;
      const isName = asked - head.end <= longestName && !notName.test(text.slice(head.end));
      if (isName) return head;
    }
    return undefined;
  }

  /** Whether a line has had it. */
  knows(prefix: Prefix): boolean {
    return this.#shapes.has(keyOf(prefix));
  }

  remember(prefix: Prefix, rest: string): void {
    const { outer, hasHead, stamped } = prefix;
    const key = keyOf(prefix);
    const shape = {
      outer: new RegExp(`^${formOf(outer)}`),
      hasHead,
      stamped,
      rest: rest === '' ? undefined : new RegExp(`^${formOf(rest)}`),
    };
    this.#shapes.delete(key);
    if (this.#shapes.size >= maxShapes) {
      for (const oldest of this.#shapes.keys()) {
        this.#shapes.delete(oldest);
        break;
      }
    }
    this.#shapes.set(key, shape);
  }

  /** What a prefix of no known form holds. */
  stamped(prefix: string, known: Partial<LogLine> = {}): Partial<LogLine> {
    const { timestampUs, date, names } = stampsOf(prefix);
    const found: Partial<LogLine> = {};
    if (timestampUs !== undefined && known.timestampUs === undefined)
      found.timestampUs = timestampUs;
    if (date !== undefined && known.dateUs === undefined) this.#dates.write(found, date);
    if (names !== '' && known.host === undefined && known.stream === undefined) {
      found.stream = names;
      if (looksLikeHost.test(names)) found.host = names;
    }
    return found;
  }

  #prefixLike(text: string, outer: string, shape: Shape): Prefix | undefined {
    if (!shape.hasHead) return this.#plain(outer);
    const head = this.#headAt(text, outer.length);
    if (head === undefined) return undefined;
    const rest = shape.rest?.exec(text.slice(head.end))?.[0].length ?? 0;
    return { ...head, end: head.end + rest };
  }

  #mayBegin(text: string, at: number): boolean {
    return text[at] !== ' ' && (at === 0 || boundary.test(text[at - 1]!));
  }

  #plain(outer: string): Prefix {
    const found = this.stamped(outer);
    return {
      end: outer.length,
      outer,
      hasHead: false,
      stamped: found.timestampUs !== undefined || found.dateUs !== undefined,
      found,
    };
  }

  /** A part of a known form, written by the kernel, that begins at `at`. */
  #headAt(text: string, at: number): Prefix | undefined {
    const bytes = this.#bytesOf(text);
    if (!this.#head.parse(bytes, at, bytes.length)) return undefined;
    const { head } = this.#head;
    if (!head.ofKernel || head.text <= at) return undefined;
    const outer = text.slice(0, at);
    const found: Partial<LogLine> = { ...this.stamped(outer), ...this.#read(head, bytes) };
    const host = head.hostEnd > 0 ? found.host : undefined;
    const stream = [found.stream, host].filter((name) => name !== undefined).join(' ');
    if (stream !== '') found.stream = stream;
    return { end: head.text, outer, hasHead: true, stamped: true, found };
  }

  /** Kept for the next question: a head is looked for at each place of a line. */
  #bytesOf(text: string): Uint8Array {
    if (text !== this.#text) {
      this.#text = text;
      this.#bytes = fromLatin1(text);
    }
    return this.#bytes;
  }

  #read(head: Head, bytes: Uint8Array): Partial<LogLine> {
    const found: Partial<LogLine> = {};
    if (head.timestampUs >= 0) found.timestampUs = head.timestampUs;
    if (head.priority >= 0) found.priority = head.priority;
    if (head.flag >= 0) found.flag = String.fromCharCode(head.flag);
    if (head.hostEnd > 0) found.host = latin1(bytes, head.hostStart, head.hostEnd);
    if (head.date.month !== -1) this.#dates.write(found, head.date);
    return found;
  }
}
