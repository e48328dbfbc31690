import type { OomLine } from './line.js';
import { elapsedUs } from './near.js';

/** mm/oom_kill.c, oom_rs: so many reports in 5 s, for the whole machine. */
const burst = 10;
const intervalUs = 5_000_000;

/** Says whether the kernel can have withheld a report: only when it printed ten within the last 5 s. */
export class ReportRate {
  /** The newest reports, and where the log begins or goes on after a loss: nobody knows what was printed before. */
  readonly #printed: OomLine[] = [];
  #begins: OomLine | undefined;

  /** The kernel's next line, whatever it says. */
  next(line: OomLine): void {
    this.#begins ??= line;
  }

  /** A report was printed. */
  report(line: OomLine): void {
    this.#printed.push(line);
    if (this.#printed.length > burst) this.#printed.shift();
  }

  lost(): void {
    this.#begins = undefined;
    this.#printed.length = 0;
  }

  /** Whether a kill on this line can be one whose report was withheld. */
  mayWithhold(line: OomLine): boolean {
    if (this.#begins === undefined || !isLongAgo(this.#begins, line)) return true;
    const [first] = this.#printed;
    return this.#printed.length === burst && first !== undefined && !isLongAgo(first, line);
  }

  /** Whether ten reports were printed, so that the next is withheld for certain. */
  isExhausted(line: OomLine): boolean {
    const [first] = this.#printed;
    return this.#printed.length === burst && first !== undefined && !isLongAgo(first, line);
  }
}

/** The kernel's interval is counted in its timer's ticks: a little may be missing. */
function isLongAgo(last: OomLine, line: OomLine): boolean {
  const passedUs = elapsedUs(last, line);
  return passedUs !== undefined && passedUs > intervalUs * 1.1;
}
