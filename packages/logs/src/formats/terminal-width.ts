const narrowest = 40;
const fewest = 3;
/** A mailer breaks at a blank: its lines end within so many bytes of the column. */
const longestWord = 15;

/**
 * How wide the terminal was that broke a log's lines: no line is longer, and many are as long. undefined: it was none, for
 * the lines of a mailer are of all lengths.
 */
export function terminalWidth(lengths: readonly number[]): number | undefined {
  const longest = Math.max(0, ...lengths);
  const full = lengths.filter((length) => length === longest).length;
  const near = lengths.filter((length) => length < longest && length >= longest - longestWord);
  const isTerminal = longest >= narrowest && full >= fewest && full > 2 * near.length;
  return isTerminal ? longest : undefined;
}
