import type { OomLine } from './line.js';
import { decodeName } from './lines/names.js';

/**
 * The lines of the log that one kill was read from, as dmesg prints them: `[ 2021.308979] nginx invoked oom-killer: …`.
 * They hold whatever names the processes and cgroups have, controls included.
 */
export interface RawReport {
  lines: string[];
  /** So many lines are left out behind the first `after`: the report was longer than what is kept. */
  leftOut?: { count: number; after: number };
}

/** The head of a report says who asked and whose limit it was; its last rows and lines stand before the kill. */
const maxFirst = { lines: 160, characters: 12_288 };
const maxLast = { lines: 24, characters: 6144 };

/** No line that the kernel prints as one is longer; one in pieces can be. */
const maxInLine = 2048;

/** What is kept of a report's lines while it is being read: the first and the last ones. */
export class RawLines {
  readonly #first = new Lines();
  readonly #last = new Lines();
  #leftOut = 0;

  /** @param text the whole line, where it came in pieces */
  add(line: OomLine, text: string): void {
    const isFirst =
      this.#last.all.length === 0 && this.#leftOut === 0 && !this.#first.reaches(maxFirst);
    if (isFirst) return this.#first.add(line, text);
    this.#last.add(line, text);
    while (this.#last.exceeds(maxLast)) {
      this.#last.dropFirst();
      this.#leftOut++;
    }
  }

  get report(): RawReport {
    // One that came in pieces is known to be whole only when a later one has come.
    const inOrder = [...this.#first.all, ...this.#last.all].sort((a, b) =>
      Number(a.line.seq - b.line.seq),
    );
    const lines = inOrder.map(printed);
    if (this.#leftOut === 0) return { lines };
    return { lines, leftOut: { count: this.#leftOut, after: this.#first.all.length } };
  }
}

interface RawLine {
  line: OomLine;
  text: string;
}

interface Bound {
  lines: number;
  characters: number;
}

class Lines {
  readonly all: RawLine[] = [];
  #characters = 0;

  add(line: OomLine, text: string): void {
    const cut = text.length > maxInLine ? `${text.slice(0, maxInLine)}...` : text;
    this.all.push({ line, text: cut });
    this.#characters += cut.length;
  }

  dropFirst(): void {
    this.#characters -= this.all.shift()?.text.length ?? 0;
  }

  reaches({ lines, characters }: Bound): boolean {
    return this.all.length >= lines || this.#characters >= characters;
  }

  exceeds({ lines, characters }: Bound): boolean {
    return this.all.length > lines || this.#characters > characters;
  }
}

export function printed({ line, text }: RawLine): string {
  const { timestampUs } = line;
  if (timestampUs === undefined) return decodeName(text);
  const seconds = String(Math.floor(timestampUs / 1e6)).padStart(5);
  return `[${seconds}.${String(timestampUs % 1e6).padStart(6, '0')}] ${decodeName(text)}`;
}
