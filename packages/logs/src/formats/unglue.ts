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
const longestHead = 400;
/** Strings of a document have escaped newlines: they are undone where the string is. */
const escaped = /(?:\\n|\\r|#012|["'])$/;
const words = /invoked oom-killer:|Killed process \d/;
/** Two stamps are a prefix, three are lines. */
const fewest = 3;

/** A form or a chat has taken the newlines out: a line has several lines' heads. */
export function isGlued(sample: string): boolean {
  if (!words.test(sample)) return false;
  return sample.split('\n').some((line) => headsIn(line).length >= fewest);
}

function headsIn(text: string): number[] {
  return [...text.matchAll(head)]
    .map(({ index }) => index)
    .filter((index) => !escaped.test(text.slice(Math.max(0, index - 4), index)));
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
    for (const at of headsIn(text)) {
      if (at >= bound) break;
      if (at === 0 || text[at - 1] === '\n') continue;
      const blank = text[at - 1] === ' ' ? 1 : 0;
      output += `${text.slice(from, Math.max(from, at - blank))}\n`;
      from = at;
    }
    const kept = Math.max(from, Math.min(text.length, bound));
    output += text.slice(from, kept);
    this.#held = text.slice(kept);
    return fromLatin1(output);
  }
}
