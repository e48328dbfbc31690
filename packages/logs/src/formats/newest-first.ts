import { invoked } from './kernel-words.js';
import type { LogLine } from './log-line.js';

/** Lines that are held before those of the oldest whole report are given out. */
const mostHeld = 60_000;

const killed = /Killed process (\d+)/;
const chosen = /^oom-kill:constraint=.*,pid=(\d+),uid=|Kill process (\d+) \(/;

interface Order {
  up: number;
  down: number;
}

/** Neighbours whose order their times tell, and those whose order their words tell: a process is killed when it is chosen. */
function orderOf(lines: readonly LogLine[]): { times: Order; words: Order } {
  const times = { up: 0, down: 0 };
  const words = { up: 0, down: 0 };
  for (let i = 1; i < lines.length; i++) {
    const [before, line] = [lines[i - 1]!, lines[i]!];
    const [a, b] = timesOf(before, line);
    if (a < b) times.up++;
    else if (a > b) times.down++;
    if (isPair(before.text, line.text)) words.up++;
    if (isPair(line.text, before.text)) words.down++;
  }
  return { times, words };
}

function timesOf(a: LogLine, b: LogLine): [number, number] {
  if (a.stream !== b.stream) return [0, 0];
  if (a.timestampUs !== undefined && b.timestampUs !== undefined) {
    return [a.timestampUs, b.timestampUs];
  }
  if (a.wallTimeUs !== undefined && b.wallTimeUs !== undefined) return [a.wallTimeUs, b.wallTimeUs];
  return [a.dateUs ?? 0, b.dateUs ?? a.dateUs ?? 0];
}

function isPair(first: string, second: string): boolean {
  const choice = chosen.exec(first);
  return choice !== null && (choice[1] ?? choice[2]) === killed.exec(second)?.[1];
}

/** Whether a log's first lines may be its newest; undefined: they are all of one time. */
export function mayBeNewestFirst(lines: readonly LogLine[]): boolean | undefined {
  const { times, words } = orderOf(lines);
  if (words.up + words.down > 0) return words.up === 0;
  if (times.up + times.down > 0) return times.down > 8 * times.up;
  return lines.length > 1 && lines.every(hasTime) ? undefined : false;
}

function hasTime({ timestampUs, wallTimeUs, dateUs }: LogLine): boolean {
  return (timestampUs ?? wallTimeUs ?? dateUs) !== undefined;
}

function isNewestFirst(lines: readonly LogLine[]): boolean {
  const { times, words } = orderOf(lines);
  if (words.up !== words.down) return words.down > words.up;
  return times.down > 8 * times.up;
}

/**
 * Turns the lines of a log whose newest come first: `journalctl -r`, and what log services show and export. A log that is
 * longer than what is held comes out piece by piece, each cut after the first line of a report.
 */
export class NewestFirst {
  #held: LogLine[] = [];

  /** undefined: the lines that were held so far were not the newest first. */
  push(line: LogLine): LogLine[] | undefined {
    this.#held.push(line);
    const { length } = this.#held;
    if (length < mostHeld || (length < 2 * mostHeld && !line.text.includes(invoked))) return [];
    return isNewestFirst(this.#held) ? this.#turned() : undefined;
  }

  /** The lines that are held, in the order of time. */
  end(): LogLine[] {
    return isNewestFirst(this.#held) ? this.#turned() : this.asTheyAre();
  }

  asTheyAre(): LogLine[] {
    const lines = this.#held;
    this.#held = [];
    return lines;
  }

  /** Whoever takes lines wants their places to ascend. */
  #turned(): LogLine[] {
    const held = this.asTheyAre();
    const lines: LogLine[] = [];
    // The lines of one record stay in their order.
    for (let end = held.length; end > 0; ) {
      let start = end - 1;
      while (start > 0 && held[start - 1]!.seq === held[start]!.seq) start--;
      lines.push(...held.slice(start, end));
      end = start;
    }
    const places = lines.map(({ seq }) => seq).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    // Raw kmsg: the numbers that fall are no new boot's, and none is missing.
    return lines.map(({ restarted, lostBefore, ...line }, i) => ({ ...line, seq: places[i]! }));
  }
}
