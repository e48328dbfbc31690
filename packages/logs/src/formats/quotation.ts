import type { Genre } from './genre.js';
import type { Quoted } from './quoting.js';

/**
 * People write of kills: an article, a chat, a runbook, a test. What distinguishes a line of a log from a sentence about
 * one: a head of the log, all figures of the kernel's format, its place in the line, and what else the file holds.
 * Strings are latin1, one character a byte.
 */

/** How the kernel's words stand in a line. */
export type Standing =
  /** Behind a time or what other lines of the log have before them, too. */
  | 'headed'
  /** Behind nothing but marks of quotation. */
  | 'alone'
  /** Behind something else. */
  | 'behind';

const name = String.raw`\([\s\S]{0,60}?\)`;
const process = String.raw`(?:(?:Out of memory|Memory cgroup out of memory)(?: \(oom_kill_allocating_task\))?: )?`;
const killed = String.raw`${process}Killed process \d{1,10}(?:, UID -?\d+,)? ${name}(?:, UID -?\d+,)?`;
const figures = String.raw` (?:total-vm|vsz):\d+kB, anon-rss:\d+kB, file-rss:\d+kB(?:, shmem-rss:\d+kB)?(?:, UID:-?\d+)?(?: pgtables:\d+kB)?(?: oom_score_adj:-?\d+)?`;

const isKill = new RegExp(String.raw`^${process}Kill(?:ed)? process \d`);
/** All that the kernel prints: since 2.6.32 with figures; 2.4 ended the line with a full stop. */
const complete = new RegExp(
  [
    `^${killed}${figures}`,
    String.raw`^Out of Memory: Killed process \d{1,10} ${name}\.(?=\s*$)`,
    String.raw`^${process}Kill process \d{1,10}(?:, UID -?\d+,)? ${name} (?:score \d+(?:,? or [a-z ]*child\w*)?|sharing same memory)`,
  ].join('|'),
);
/** What a pager left of the figures. */
const cut =
  /^(?: (?:total-vm|vsz):?\d*(?:kB?)?(?:,? (?:anon-rss|file-rss|shmem-rss|UID|pgtables|oom_score_adj):?-?\d*(?:kB?)?)*,? ?[a-z_-]{0,13}[^\sA-Za-z]{0,6})?\.? *$/;
const begun = new RegExp(`^${killed}`);
/** Two words after one another, which are no fields of a record. */
const sentence =
  /^["'`)\]}*_]*[\s.,;:!?-]*\(?[a-z\x80-\xff][\w'\x80-\xff-]*[.,;!?)]*\s+\(?[A-Za-z\x80-\xff][\w'\x80-\xff-]*(?=[\s.,;:!?)]|$)/;
/** A word, a blank: what follows is a part of its sentence. */
export const endsWithWord = /[a-z\x80-\xff][.,]?\s$/;

/** Whether a kill is only quoted. `text`: from the kernel's words to the end of the line. */
export function isQuotation(text: string, standing: Standing, genre: Genre): boolean {
  if (!isKill.test(text)) return standing === 'behind' && genre !== undefined;
  const whole = complete.exec(text)?.[0];
  if (whole !== undefined) {
    if (standing === 'headed') return false;
    if (standing === 'behind' && genre === 'source') return true;
    return sentence.test(text.slice(whole.length));
  }
  const rest = text.slice(begun.exec(text)?.[0].length ?? text.length);
  if (standing === 'behind') return true;
  if (standing === 'alone') return genre !== undefined || !cut.test(rest);
  return sentence.test(rest);
}

/** Whether the line is a program's text, or a sentence, that quotes the string. */
export function isQuotedString(line: string, { start, end }: Quoted, genre: Genre): boolean {
  const before = line.slice(0, start - 1);
  const after = line.slice(end + 1);
  if (genre === 'source' || endsWithWord.test(before) || sentence.test(after)) return true;
  if (isFoundInSource(before) || isOfCall(before) || /=\s+$/.test(before)) return true;
  return bareKey.test(before) && line[start - 1] === "'" && /^(?:,$| \})/.test(after);
}

/** `text: 'Killed process …',` of a program; YAML has no comma, JSON and Python have quotes around the key. */
const bareKey = /(?:^|[\s{+-])\w+: $/;
const strings = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g;

/** An argument of a call. */
function isOfCall(before: string): boolean {
  const rest = before.replace(strings, '');
  return rest.lastIndexOf('(') > rest.lastIndexOf(')');
}

/** What a program prints by, and not what it printed. */
const pattern = /gfp_mask=(?:0x)?%|process %d|\$\{\w+\}/;

/** Whether the words that begin at `words` are the code within a sentence, or a program's pattern. */
export function isInCode(line: string, words: number): boolean {
  if (pattern.test(line)) return true;
  const before = line.slice(0, words);
  const open = before.lastIndexOf('`');
  const isOpen = (before.match(/`/g)?.length ?? 0) % 2 === 1;
  const close = isOpen ? line.indexOf('`', words) : -1;
  if (close < 0) return false;
  return /[^\s>|*`-]/.test(line.slice(0, open)) || /[^\s.`|]/.test(line.slice(close));
}

/** What grep puts before a line of a source file or of a page. */
const ofSource =
  /^\s*(?:[\w.@+-]*\/)*[\w.@+-]+\.(?:md|markdown|rst|adoc|tex|html?|ts|tsx|js|mjs|cjs|go|py|rs|c|h|cc|cpp|hpp|java|kt|rb|pl|php|sh|awk|lua|ex|ya?ml|toml|snap|expect)[:-]\d+[:-]/;

/** Whether what stands before a line says that it was found in a source file or a page. */
export function isFoundInSource(line: string): boolean {
  return ofSource.test(line);
}
