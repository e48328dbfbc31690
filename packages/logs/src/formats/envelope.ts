// Long, because what a line is, a prefix that is learned, a string, or the rest of another, is decided by the same few fields.

import { hasOwnWords } from '@oomwatcher/oom';
import type { CutLine } from './cut-line.js';
import type { Genre } from './genre.js';
import { brokenInvoked, invoked, wordsAt } from './kernel-words.js';
import type { Breaks, Look } from './line-breaks.js';
import type { LogLine } from './log-line.js';
import { countNotUnderstood } from './not-understood.js';
import {
  longestName,
  longestPrefix,
  notName,
  type Prefix,
  Prefixes,
  stampOnly,
} from './prefixes.js';
import {
  endsWithWord,
  isFoundInSource,
  isInCode,
  isQuotation,
  isQuotedString,
  type Standing,
} from './quotation.js';
import { linesWithin, quotedAround, withoutHtml, withoutQuote } from './quoting.js';
import { formOf } from './shape.js';
import type { LogStats } from './stats.js';
import { textOf } from './text.js';
import type { LineDates } from './wall-time.js';
import { type Place, WrappedLine } from './wrapped-line.js';

/** A text that may be a line of the kernel behind something. */
interface Candidate {
  /** What is known of it already, besides its text. */
  line: LogLine;
  form: CutLine['form'];
  hasHeadline: boolean;
  /** Default: headed. */
  standing?: Standing;
  /** Where it stood, if it was a line of the log itself: then it can go on in the next line. */
  place?: Place;
}

const maxShapes = 16;
const maxWaiting = 64;
/** Another killer's line behind a prefix: whose it is its tag says. */
const otherKiller =
  /(?<=^|[\s:>|"'])(systemd-oomd|earlyoom|nohang|nohang-desktop)(?:\[\d+\])?: (?=\S)/;

/**
 * Finds the kernel's text in lines of any form: where its words are known, what stands before them is the prefix, and the
 * lines beside it have a prefix of the same form. Joins what was wrapped, undoes what a document does to its quotes.
 */
export class Envelope {
  readonly #stats: LogStats;
  readonly #deliver: (line: LogLine) => void;
  readonly #found: (line: LogLine) => void;
  readonly #breaks: Breaks;
  readonly #prefixes: Prefixes;
  /** What stands before the words in lines of a known form. */
  #rest: RegExp | undefined;
  /** The log is a page. */
  #isHtml = false;
  readonly #genre: Genre;
  /** Lines without a known form have begun with their words. */
  #isBare = false;
  /** Lines whose prefix is not known yet: a report begins with a name, not with words. */
  #waiting: Candidate[] = [];
  #held: { wrapped: WrappedLine; standing: Standing } | undefined;
  /** Lines within strings of documents: what stands before the string. */
  readonly #quotes = new Map<string, RegExp>();

  /** @param found is called for a line of no known form as soon as its text is known */
  constructor(
    dates: LineDates,
    stats: LogStats,
    deliver: (line: LogLine) => void,
    found: (line: LogLine) => void,
    look?: Look,
  ) {
    this.#breaks = look?.breaks;
    this.#isHtml = look?.isPage ?? false;
    this.#genre = look?.genre;
    this.#prefixes = new Prefixes(dates);
    this.#stats = stats;
    this.#deliver = deliver;
    this.#found = found;
  }

  /** The line that begins here may be the rest of the one that was taken last; -1: none. */
  get goesOnAt(): number {
    return this.#held?.wrapped.next ?? -1;
  }

  take(cut: CutLine): void {
    const held = this.#held?.wrapped;
    if (held !== undefined) {
      const goesOn = cut.form !== 'exact' && cut.at === held.next;
      if (goesOn && !this.#prefixes.isOwn(cut.line.text) && held.takes(cut)) return;
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
    for (const prefix of this.#prefixes.like(cut.line.text)) {
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
    if (at >= 0 && isQuotedString(text, quoted, this.#genre)) return this.#refuse(line);
    const outer = this.#prefixes.stamped(text.slice(0, Math.min(quoted.start, longestPrefix)));
    // A document may have all its lines in one.
    while (quoted !== undefined) {
      const isOpen = quoted.end === text.length;
      const place = isOpen ? { place: { length, next, quote: text[quoted.start - 1]! } } : {};
      for (const piece of linesWithin(quoted.content)) {
        this.#place({ line: { ...line, ...outer, text: piece }, form, hasHeadline, ...place });
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
    const at = Math.max(words, asked);
    if (form !== 'exact' && at >= 0 && isInCode(text, at)) return this.#refuse(line);
    if (asked >= 0 && (words < 0 || words > asked)) {
      this.#invocation(candidate, asked);
    } else if (words === 0) {
      if (form === 'exact') this.#rest = undefined;
      if (form === 'bare') this.#isBare = true;
      this.#resolve(form !== 'exact');
      this.#give(form === 'exact' ? candidate : { ...candidate, standing: 'alone' }, text);
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
        { ...candidate, line: { ...line, ...this.#prefixes.stamped(before, line) } },
        line.text.slice(words),
      );
    }
    const prefix = this.#prefixes.before(line.text, words);
    if (prefix === undefined) return this.#other(candidate);
    // Where lines begin with their words, something before them is somebody's text.
    if (form === 'bare' && this.#isBare && !prefix.stamped) return this.#other(candidate);
    const standing = this.#standingOf(line.text, words, prefix);
    // What nobody believes is no example. A mailer may have broken the line.
    if (!isQuotation(line.text.slice(words), standing, this.#genre))
      this.#prefixes.remember(prefix, line.text.slice(prefix.end, words));
    this.#resolve();
    this.#give(
      { ...candidate, standing, line: { ...line, ...prefix.found } },
      line.text.slice(words),
      prefix,
    );
  }

  #standingOf(text: string, words: number, prefix: Prefix): Standing {
    if (isFoundInSource(text)) return prefix.hasHead ? 'headed' : 'behind';
    const before = text.slice(0, words);
    if (prefix.hasHead || this.#prefixes.knows(prefix)) return 'headed';
    if (quoteOnly.test(before)) return 'alone';
    if (prefix.stamped && !endsWithWord.test(before)) return 'headed';
    return kernelTag.test(before) && this.#genre !== 'source' ? 'headed' : 'behind';
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
    const prefix = form === 'exact' ? undefined : this.#prefixes.headBefore(line.text, asked);
    if (prefix === undefined) return this.#wait(candidate);
    this.#prefixes.remember(prefix, '');
    this.#give(
      { ...candidate, line: { ...line, ...prefix.found } },
      line.text.slice(prefix.end),
      prefix,
    );
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
    const tagged = candidate.hasHeadline ? otherKiller.exec(candidate.line.text) : null;
    if (tagged !== null) {
      const { index, 0: tag, 1: source } = tagged;
      const found = this.#prefixes.stamped(candidate.line.text.slice(0, index));
      const text = candidate.line.text.slice(index + tag.length);
      return this.#deliver({ ...candidate.line, ...found, source: source!, text });
    }
    if (form === 'bare' && place !== undefined) this.#give(candidate, candidate.line.text);
    else if (candidate.hasHeadline) this.#refuse(candidate.line);
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
        const stamps = rest === '' ? {} : this.#prefixes.stamped(rest, line);
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
      const prefix = this.#prefixes.before(line.text, start);
      const found = prefix?.found ?? {};
      const own = start > 0 && form !== 'exact' && prefix?.stamped !== true;
      this.#give(
        { ...candidate, ...(own && { standing: 'behind' }), line: { ...line, ...found } },
        line.text.slice(start),
        prefix,
      );
    }
  }

  /** Reads the line if it has a prefix that other lines have. `asked`: where it must have ended. */
  #likeOthers(candidate: Candidate, asked = -1): boolean {
    const { line } = candidate;
    for (const prefix of this.#prefixes.like(line.text, asked)) {
      this.#give(
        { ...candidate, line: { ...line, ...prefix.found } },
        line.text.slice(prefix.end),
        prefix,
      );
      return true;
    }
    return false;
  }

  /** A line of the kernel that may go on in the next line of the log. */
  #give(candidate: Candidate, text: string, prefix?: Prefix): void {
    const { line, form, place, standing = 'headed' } = candidate;
    const own = { ...line, text: textOf(withoutSuffix(text, prefix?.outer), form) };
    this.#release();
    if (form !== 'exact') this.#found(own);
    if (place === undefined) return this.#believe(own, standing);
    const stamped = form === 'exact' || (prefix?.stamped ?? false);
    const outer = prefix?.outer ?? '';
    const wrapped = new WrappedLine(own, text, place, stamped, form, outer, this.#breaks);
    if (wrapped.canGoOn) this.#held = { wrapped, standing };
    else this.#believe(own, standing);
  }

  #believe(line: LogLine, standing: Standing): void {
    if (isQuotation(line.text, standing, this.#genre)) this.#refuse(line);
    else this.#deliver(line);
  }

  /** A line that only writes of a kill. */
  #refuse({ seq, text }: LogLine): void {
    this.#stats.rejected++;
    if (hasOwnWords(text)) countNotUnderstood(this.#stats, Number(seq));
  }

  /** The line before one that was asked for may be its beginning. */
  #before(line: LogLine, cut: CutLine): void {
    if (cut.form !== 'exact') {
      const rest = withoutQuote(cut.line.text);
      if (!line.text.endsWith(' invoked') || !rest.startsWith(brokenInvoked)) return;
      cut.line = { ...line, seq: cut.line.seq, text: `${line.text} ${rest}` };
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
    if (this.#held === undefined) return;
    const { wrapped: held, standing } = this.#held;
    this.#held = undefined;
    const { text, rest } = held.whole();
    const line = text === undefined ? held.line : { ...held.line, text: textOf(text, held.form) };
    this.#believe(line, standing);
    if (held.form !== 'bare') return;
    for (const piece of rest) this.#deliver({ ...held.line, text: textOf(piece, 'bare') });
  }
}

const quoteOnly = /^(?:[>|`\s]|\xc2\xa0)*$/;
const kernelTag = /^(?:[^#]*\s)?(?:kernel|vmunix)(?:\[0\])?: *$/;

/** A page breaks its lines so, and no name is long enough to look like it. */
const htmlEnd = /oom_score_adj[=:]-?\d{1,5} *<br ?\/?>$/i;

/** NX-OS writes `%KERN-4-SYSTEM_MSG: ` before a text and the facility after it. */
function withoutSuffix(text: string, outer: string | undefined): string {
  return outer?.includes('%KERN-') ? text.replace(/ - kernel$/, '') : text;
}

/** Where the next words of a report, or those that begin one, are. */
function nextWords(text: string, from: number): number {
  const asked = text.indexOf(invoked, from);
  const words = wordsAt(text, from);
  if (asked < 0) return words;
  return words < 0 ? asked : Math.min(words, asked);
}
