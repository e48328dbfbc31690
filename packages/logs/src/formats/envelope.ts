// Long, because a prefix is learned, checked and taken off by the same few fields, and each rule leans on the others.

import { fromLatin1, latin1 } from './bytes.js';
import type { CutLine } from './cut-line.js';
import type { Head } from './head.js';
import { brokenInvoked, invoked, wordsAt } from './kernel-words.js';
import { LineHead } from './line-head.js';
import type { LogLine } from './log-line.js';
import { countNotUnderstood, hasOwnWords } from './not-understood.js';
import { linesWithin, quotedAround, withoutHtml } from './quoting.js';
import { formOf } from './shape.js';
import { stampsOf } from './stamps.js';
import type { LogStats } from './stats.js';
import { textOf } from './text.js';
import type { LineDates } from './wall-time.js';
import { WrappedLine } from './wrapped-line.js';

/** A text that may be a line of the kernel behind something. */
interface Candidate {
  /** What is known of it already, besides its text. */
  line: LogLine;
  form: CutLine['form'];
  hasHeadline: boolean;
  /** Where it stood, if it was a line of the log itself: then it can go on in the next line. */
  place?: { length: number; next: number };
}

/** What stands before the words of a line. */
interface Prefix {
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
const maxWaiting = 64;
const longestPrefix = 1024;
/** A kernel line whose text stands behind these alone may still begin with it: brackets, numbers, blanks, quote marks. */
const stampOnly =
  /^(?:\s|\[[^\]]*\]|\([^)]*\)|<\d+>|\*\* \d+ printk messages dropped \*\*|[-:|>*.,\d]|\xc2\xa0)*$/;
/** A name may begin so, but a prefix is likelier. */
const notName = /^[\s[<("':|>*-]/;
/** One word that a machine, a pod or a file may be called by. */
const looksLikeHost = /^(?=\S*[-./\d])\S{2,253}$/;
const boundary = /[\s:>|"'=\][)(-]/;

/**
 * Finds the kernel's text in lines of any form: where its words are known, what stands before them is the prefix, and the
 * lines beside it have a prefix of the same form. Joins what was wrapped, undoes what a document does to its quotes.
 */
export class Envelope {
  readonly #dates: LineDates;
  readonly #stats: LogStats;
  readonly #deliver: (line: LogLine) => void;
  readonly #found: (line: LogLine) => void;
  readonly #head = new LineHead(undefined);
  readonly #shapes = new Map<string, Shape>();
  /** What stands before the words in lines of a known form. */
  #rest: RegExp | undefined;
  /** The log is a page. */
  #isHtml = false;
  /** Lines without a known form have begun with their words. */
  #isBare = false;
  /** Lines whose prefix is not known yet: a report begins with a name, not with words. */
  #waiting: Candidate[] = [];
  #held: WrappedLine | undefined;
  /** Lines within strings of documents: what stands before the string. */
  readonly #quotes = new Map<string, RegExp>();

  /** @param found is called for a line of no known form as soon as its text is known */
  constructor(
    dates: LineDates,
    stats: LogStats,
    deliver: (line: LogLine) => void,
    found: (line: LogLine) => void,
  ) {
    this.#dates = dates;
    this.#stats = stats;
    this.#deliver = deliver;
    this.#found = found;
  }

  /** The line that begins here may be the rest of the one that was taken last; -1: none. */
  get goesOnAt(): number {
    return this.#held?.next ?? -1;
  }

  take(cut: CutLine): void {
    const held = this.#held;
    if (held !== undefined) {
      const goesOn = cut.form !== 'exact' && cut.at === held.next;
      if (goesOn && !this.#hasOwnPrefix(cut.line.text) && held.takes(cut)) return;
      if (held.takesName(this.#known(cut))) return;
      this.#release();
    }
    if (cut.before !== undefined) this.#before(cut.before, cut);
    this.#take(cut);
  }

  /** The line as one of a known form, if it has a prefix that other lines have. */
  #known(cut: CutLine): CutLine {
    if (cut.form === 'exact') {
      const rest = this.#rest?.exec(cut.line.text)?.[0];
      if (rest === undefined) return cut;
      return { ...cut, line: { ...cut.line, text: cut.line.text.slice(rest.length) } };
    }
    for (const shape of this.#shapes.values()) {
      const match = shape.outer.exec(cut.line.text.slice(0, longestPrefix));
      const prefix = match === null ? undefined : this.#prefixLike(cut.line.text, match[0], shape);
      if (prefix === undefined) continue;
      const line = { ...cut.line, ...prefix.found, text: cut.line.text.slice(prefix.end) };
      return { ...cut, line };
    }
    return cut;
  }

  #take(cut: CutLine): void {
    const { form, hasHeadline, length, next } = cut;
    let { line } = cut;
    if (form === 'exact') {
      if (htmlEnd.test(line.text)) this.#isHtml = true;
      if (this.#isHtml) line = { ...line, text: withoutHtml(line.text) };
      if (line.source === undefined)
        this.#place({ line, form, hasHeadline, place: { length, next } });
      else this.#deliver(line);
      return;
    }
    const text = withoutHtml(line.text);
    if (text !== line.text) this.#isHtml = true;
    this.#within(text, cut);
  }

  /** The text is a field of a document, which has the rest of the line. */
  takeField(line: LogLine, hasHeadline: boolean): void {
    this.#release();
    for (const text of linesWithin(line.text)) {
      if (line.source !== undefined) this.#deliver({ ...line, text });
      else this.#place({ line: { ...line, text }, form: 'unknown', hasHeadline });
    }
  }

  /** Nothing follows: gives out what waits. */
  end(): void {
    this.#release();
    this.#guess();
  }

  /** A string in the line, lines within the line, or the line itself. */
  #within(text: string, cut: CutLine): void {
    const { line, form, hasHeadline, length, next } = cut;
    let at = nextWords(text, 0);
    let quoted = at < 0 ? this.#likeQuoted(text) : this.#quotedAt(text, at);
    if (quoted === undefined) {
      const lines = linesWithin(text);
      const place = lines.length === 1 ? { place: { length, next } } : {};
      for (const piece of lines) {
        this.#place({ line: { ...line, text: piece }, form, hasHeadline, ...place });
      }
      return;
    }
    const outer = this.#stamped(text.slice(0, Math.min(quoted.start, longestPrefix)));
    // A document may have all its lines in one.
    while (quoted !== undefined) {
      for (const piece of linesWithin(quoted.content)) {
        this.#place({ line: { ...line, ...outer, text: piece }, form, hasHeadline });
      }
      at = nextWords(text, quoted.end + 1);
      quoted = at < 0 ? undefined : this.#quotedAt(text, at);
    }
  }

  #quotedAt(text: string, at: number) {
    const quoted = quotedAround(text, at);
    if (quoted === undefined) return undefined;
    // A quote that ends within the words is none.
    if (quoted.end <= at) return undefined;
    const form = formOf(text.slice(0, quoted.start));
    if (!this.#quotes.has(form) && this.#quotes.size < maxShapes) {
      this.#quotes.set(form, new RegExp(`^${form}`));
    }
    return quoted;
  }

  #likeQuoted(text: string) {
    for (const form of this.#quotes.values()) {
      const match = form.exec(text.slice(0, longestPrefix));
      if (match !== null) return quotedAround(text, match[0].length);
    }
    return undefined;
  }

  #place(candidate: Candidate): void {
    const { line, form } = candidate;
    const { text } = line;
    const words = wordsAt(text);
    const asked = text.indexOf(invoked);
    if (asked >= 0 && (words < 0 || words > asked)) {
      this.#invocation(candidate, asked);
    } else if (words === 0) {
      if (form === 'exact') this.#rest = undefined;
      if (form === 'bare') this.#isBare = true;
      this.#resolve(form !== 'exact');
      this.#give(candidate, text);
    } else if (words >= 0) {
      this.#behind(candidate, words);
    } else {
      this.#beside(candidate);
    }
  }

  /** The words begin at `words`. */
  #behind(candidate: Candidate, words: number): void {
    const { line, form } = candidate;
    const before = line.text.slice(0, words);
    if (form === 'exact') {
      if (!stampOnly.test(before)) return this.#give(candidate, line.text);
      this.#rest = new RegExp(`^${formOf(before)}`);
      this.#resolve();
      return this.#give(
        { ...candidate, line: { ...line, ...this.#stamped(before, line) } },
        line.text.slice(words),
      );
    }
    const prefix = this.#prefixOf(line.text, words);
    if (prefix === undefined) return this.#other(candidate);
    // Where lines begin with their words, something before them is somebody's text.
    if (form === 'bare' && this.#isBare && !prefix.stamped) return this.#other(candidate);
    this.#remember(prefix, line.text.slice(prefix.end, words));
    this.#resolve();
    this.#give(
      { ...candidate, line: { ...line, ...prefix.found } },
      line.text.slice(words),
      prefix,
    );
  }

  /** A report begins: the words stand behind a name, and where that begins only the other lines' prefix shows. */
  #invocation(candidate: Candidate, asked: number): void {
    const { line, form } = candidate;
    const isName = asked <= longestName && !notName.test(line.text);
    if (isName && (form === 'exact' || !/[\]:>|"] /.test(line.text.slice(0, asked)))) {
      if (form === 'exact') this.#rest = undefined;
      return this.#give(candidate, line.text);
    }
    if (form !== 'exact' && this.#likeOthers(candidate, asked)) return;
    const prefix = form === 'exact' ? undefined : this.#headBefore(line.text, asked);
    if (prefix === undefined) return this.#wait(candidate);
    this.#remember(prefix, '');
    this.#give(
      { ...candidate, line: { ...line, ...prefix.found } },
      line.text.slice(prefix.end),
      prefix,
    );
  }

  /** A part of a known form that ends where a name begins. */
  #headBefore(text: string, asked: number): Prefix | undefined {
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

  #mayBegin(text: string, at: number): boolean {
    return text[at] !== ' ' && (at === 0 || boundary.test(text[at - 1]!));
  }

  /** The line has a prefix that other lines have, and a time in it. */
  #hasOwnPrefix(text: string): boolean {
    const words = text.includes(invoked) ? text.indexOf(invoked) : wordsAt(text);
    if (words > 0 && this.#prefixOf(text, words)?.stamped) return true;
    for (const shape of this.#shapes.values()) {
      const match = shape.stamped ? shape.outer.exec(text.slice(0, longestPrefix)) : null;
      if (match === null) continue;
      if (!shape.hasHead || this.#headAt(text, match[0].length) !== undefined) return true;
    }
    return false;
  }

  /** A line without words: it is the kernel's if it has the others' prefix. */
  #beside(candidate: Candidate): void {
    if (candidate.form === 'exact') {
      if (this.#waiting.length > 0 && this.#rest === undefined) return this.#wait(candidate);
      const { text } = candidate.line;
      const rest = this.#rest?.exec(text)?.[0];
      return this.#give(candidate, rest === undefined ? text : text.slice(rest.length));
    }
    if (this.#likeOthers(candidate)) return;
    if (this.#waiting.length > 0) return this.#wait(candidate);
    this.#other(candidate);
  }

  #other(candidate: Candidate): void {
    const { form, place } = candidate;
    if (form === 'bare' && place !== undefined) this.#give(candidate, candidate.line.text);
    else if (candidate.hasHeadline) {
      this.#stats.rejected++;
      const { seq, text } = candidate.line;
      if (hasOwnWords(text)) countNotUnderstood(this.#stats, Number(seq));
    }
  }

  #wait(candidate: Candidate): void {
    this.#waiting.push(candidate);
    if (this.#waiting.length > maxWaiting) this.#guess();
  }

  /** The prefix has become known: lines that waited for it. `none`: lines of no known form have none. */
  #resolve(none = false): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const candidate of waiting) {
      const { line, form } = candidate;
      if (form === 'exact') {
        const rest = this.#rest?.exec(line.text)?.[0] ?? '';
        const stamps = rest === '' ? {} : this.#stamped(rest, line);
        this.#give({ ...candidate, line: { ...line, ...stamps } }, line.text.slice(rest.length));
      } else if (none && line.text.indexOf(invoked) <= longestName) {
        this.#give(candidate, line.text);
      } else if (!this.#likeOthers(candidate, line.text.indexOf(invoked))) {
        this.#waiting.push(candidate);
      }
    }
  }

  /** No other line says: a name follows what looks like the end of a prefix. */
  #guess(): void {
    this.#release();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const candidate of waiting) {
      const { line, form } = candidate;
      const asked = line.text.indexOf(invoked);
      if (asked < 0) {
        if (form === 'unknown') continue;
        this.#give(candidate, line.text);
        continue;
      }
      const before = line.text.slice(0, asked);
      const start =
        asked - (/(?:^|[\]>|:"')\t] ?)([^\]>|:"'\t]*)$/.exec(before)?.[1] ?? before).length;
      const prefix = this.#prefixOf(line.text, start);
      const found = prefix?.found ?? {};
      this.#give({ ...candidate, line: { ...line, ...found } }, line.text.slice(start), prefix);
    }
  }

  /** Reads the line if it has a prefix that other lines have. `asked`: where it must have ended. */
  #likeOthers(candidate: Candidate, asked = -1): boolean {
    const { line } = candidate;
    for (const shape of this.#shapes.values()) {
      const match = shape.outer.exec(line.text.slice(0, longestPrefix));
      if (match === null) continue;
      const prefix = this.#prefixLike(line.text, match[0], shape);
      if (
        prefix === undefined ||
        (asked >= 0 && (prefix.end > asked || asked - prefix.end > longestName))
      )
        continue;
      this.#give(
        { ...candidate, line: { ...line, ...prefix.found } },
        line.text.slice(prefix.end),
        prefix,
      );
      return true;
    }
    return false;
  }

  #prefixLike(text: string, outer: string, shape: Shape): Prefix | undefined {
    if (!shape.hasHead) return this.#plain(outer);
    const head = this.#headAt(text, outer.length);
    if (head === undefined) return undefined;
    const rest = shape.rest?.exec(text.slice(head.end))?.[0].length ?? 0;
    return { ...head, end: head.end + rest };
  }

  /** What stands before the words: the leftmost part of a known form that ends there, and what is around it. */
  #prefixOf(text: string, words: number): Prefix | undefined {
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

  #plain(outer: string): Prefix {
    const found = this.#stamped(outer);
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
    const bytes = fromLatin1(text);
    if (!this.#head.parse(bytes, at, bytes.length)) return undefined;
    const { head } = this.#head;
    if (!head.ofKernel || head.text <= at) return undefined;
    const outer = text.slice(0, at);
    const found: Partial<LogLine> = { ...this.#stamped(outer), ...this.#read(head, bytes) };
    const host = head.hostEnd > 0 ? found.host : undefined;
    const stream = [found.stream, host].filter((name) => name !== undefined).join(' ');
    if (stream !== '') found.stream = stream;
    return { end: head.text, outer, hasHead: true, stamped: true, found };
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

  /** What a prefix of no known form holds. */
  #stamped(prefix: string, known: Partial<LogLine> = {}): Partial<LogLine> {
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

  #remember({ outer, hasHead, stamped }: Prefix, rest: string): void {
    const key = `${hasHead}${formOf(outer)}`;
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

  /** A line of the kernel that may go on in the next line of the log. */
  #give({ line, form, place }: Candidate, text: string, prefix?: Prefix): void {
    const own = { ...line, text: textOf(text, form) };
    this.#release();
    if (form !== 'exact') this.#found(own);
    if (place === undefined) return this.#deliver(own);
    const stamped = form === 'exact' || (prefix?.stamped ?? false);
    const wrapped = new WrappedLine(own, text, place, stamped, form, prefix?.outer ?? '');
    if (wrapped.canGoOn) this.#held = wrapped;
    else this.#deliver(own);
  }

  /** The line before one that was asked for may be its beginning. */
  #before(line: LogLine, cut: CutLine): void {
    if (cut.form !== 'exact') {
      if (!line.text.endsWith(' invoked') || !cut.line.text.startsWith(brokenInvoked)) return;
      cut.line = { ...line, seq: cut.line.seq, text: `${line.text} ${cut.line.text}` };
      cut.form = 'exact';
      return;
    }
    const wrapped = new WrappedLine(
      line,
      line.text,
      { length: 0, next: cut.at },
      true,
      'exact',
      '',
    );
    if (wrapped.beginsName(cut)) cut.line.text = `${line.text}\n${cut.line.text}`;
  }

  #release(): void {
    const held = this.#held;
    if (held === undefined) return;
    this.#held = undefined;
    const { text, rest } = held.whole();
    this.#deliver(text === undefined ? held.line : { ...held.line, text: textOf(text, held.form) });
    if (held.form !== 'bare') return;
    for (const piece of rest) this.#deliver({ ...held.line, text: textOf(piece, 'bare') });
  }
}

const longestName = 15;

/** A page breaks its lines so, and no name is long enough to look like it. */
const htmlEnd = /oom_score_adj[=:]-?\d{1,5} *<br ?\/?>$/i;

/** Where the next words of a report, or those that begin one, are. */
function nextWords(text: string, from: number): number {
  const asked = text.indexOf(invoked, from);
  const words = wordsAt(text, from);
  if (asked < 0) return words;
  return words < 0 ? asked : Math.min(words, asked);
}
