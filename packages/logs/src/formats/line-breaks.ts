import type { Genre } from './genre.js';

const narrowest = 40;
const fewest = 3;
/** A mailer breaks at a blank: its lines end within so many bytes of the column. */
const longestWord = 15;
/** Lines of a log begin with the same date or time, and so many bytes show it. */
const beginning = 8;

/** What broke a log's lines: a terminal of so many columns, or a mailer, at blanks. undefined: nothing, or nobody knows. */
export type Breaks = number | 'at blanks' | undefined;

/** What a log's first lines tell of all its lines. */
export interface Look {
  breaks: Breaks;
  /** Of HTML. */
  isPage: boolean;
  genre: Genre;
}

/** A terminal's lines that go on in the next one are all as long as the longest; a mailer's are of all lengths. */
export function breaksOf(lines: readonly string[]): Breaks {
  const longest = Math.max(0, ...lines.map(({ length }) => length));
  const own = mostCommon(lines.map(beginningOf));
  const broken = lines.filter((_, i) => i + 1 < lines.length && beginningOf(lines[i + 1]!) !== own);
  const full = broken.filter(({ length }) => length === longest).length;
  const near = broken.filter(({ length }) => length < longest && length >= longest - longestWord);
  if (longest >= narrowest && full >= fewest && full > 2 * near.length) return longest;
  return broken.length >= fewest && near.length >= full ? 'at blanks' : undefined;
}

function beginningOf(line: string): string {
  return line.slice(0, beginning).replace(/[ \d]+/g, '0');
}

function mostCommon(words: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].reduce<[string, number] | undefined>(
    (most, entry) => (most === undefined || entry[1] > most[1] ? entry : most),
    undefined,
  )?.[0];
}
