const narrowest = 40;
const fewest = 3;
/** A mailer breaks at a blank: its lines end within so many bytes of the column. */
const longestWord = 15;
/** Lines of a log begin with the same date or time, and so many bytes show it. */
const beginning = 8;

/**
 * How wide the terminal was that broke a log's lines: no line is longer, and those that go on in the next one are as long.
 * undefined: it was none; the lines of a mailer are of all lengths.
 */
export function terminalWidth(lines: readonly string[]): number | undefined {
  const longest = Math.max(0, ...lines.map(({ length }) => length));
  const own = mostCommon(lines.map(beginningOf));
  const broken = lines.filter((_, i) => i + 1 < lines.length && beginningOf(lines[i + 1]!) !== own);
  const full = broken.filter(({ length }) => length === longest).length;
  const near = broken.filter(({ length }) => length < longest && length >= longest - longestWord);
  const isTerminal = longest >= narrowest && full >= fewest && full > 2 * near.length;
  return isTerminal ? longest : undefined;
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
