import { concat, fromLatin1, latin1 } from './bytes.js';

/** What begins a line of dmesg, of a syslog file or of the journal. */
const head = new RegExp(
  [
    String.raw`(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,9})?|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S{0,16})`,
    String.raw` [^ :[\]]{1,255} (?:kernel|vmunix)(?:\[0\])?: ?(?:\[ *\d{1,10}\.\d{6}\] )?`,
    String.raw`|(?:<\d{1,3}>)?\[ *\d{1,10}\.\d{6}\] `,
    String.raw`|\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}\] `,
  ].join(''),
  'g',
);
/** What was put where a newline was. */
const separator = /[ \t]?[|;/]?[ \t]?$/;
const longestHead = 400;
/** Strings of a document have escaped newlines: they are undone where the string is. */
const escaped = /(?:\\n|\\r|#012|["'])$/;
const words = /invoked oom-killer:|Killed process \d/;
/** Its strings are looked at one by one. */
const document = /^\s*[[{<]+["{A-Za-z](?![a-z]{2} )/;
/** Two stamps are a prefix, three are lines. */
const fewest = 3;

/** A form or a chat has taken the newlines out: a line has several lines' heads. */
export function isGlued(sample: string): boolean {
  if (!words.test(sample)) return false;
  return sample.split('\n').some((line) => !document.test(line) && isGluedLine(line));
}

function isGluedLine(line: string): boolean {
  return headsIn(line).length >= fewest;
}

/** The lines of a text that was glued. */
export function ungluedLines(text: string): string[] {
  if (!isGluedLine(text)) return [text];
  const heads = headsIn(text).filter(({ at }) => at > 0);
  const starts = [0, ...heads.map(({ at }) => at)];
  return starts.map((at, i) => text.slice(at, starts[i + 1]).replace(separator, ''));
}

interface Found {
  at: number;
  end: number;
}

function headsIn(text: string): Found[] {
  return [...text.matchAll(head)]
    .map(({ index, 0: { length } }) => ({ at: index, end: index + length }))
    .filter(({ at }) => !escaped.test(text.slice(Math.max(0, at - 4), at)));
}

/** Begins a line at every head again. */
export class Unglue {
  #held = '';

  push(chunk: Uint8Array): Uint8Array {
    const text = this.#held + latin1(chunk, 0, chunk.length);
    return this.#lines(text, text.length - longestHead);
  }

  end(): Uint8Array {
    const rest = this.#lines(this.#held, Number.POSITIVE_INFINITY);
    return concat(rest, fromLatin1(this.#held));
  }

  /** Heads that begin before `bound` are there as a whole. */
  #lines(text: string, bound: number): Uint8Array {
    let output = '';
    let from = 0;
    // The rest that is held must not begin within a head.
    let ends = 0;
    for (const { at, end } of headsIn(text)) {
      if (at >= bound) break;
      ends = end;
      if (at === 0 || text[at - 1] === '\n') continue;
      output += `${text.slice(from, at).replace(separator, '')}\n`;
      from = at;
    }
    const kept = Math.max(from, ends, Math.min(text.length, bound));
    output += text.slice(from, kept);
    this.#held = text.slice(kept);
    return fromLatin1(output);
  }
}
