import { outcomeLine, repeatedOutcomeLine, type Style, saysSame } from '@oomwatcher/explain';
import type { Outcome } from '@oomwatcher/oom';
import { standardOutput } from './standard-output.js';

/**
 * Outcomes for people, of which a cgroup that has nobody to kill makes hundreds in a second: the first is a line, and
 * those in the same words after it are a count.
 */
export class EqualOutcomes {
  readonly #style: Style;
  readonly #timeOf: (outcome: Outcome) => string;
  readonly #heldMs: number | undefined;
  #shown: Outcome | undefined;
  #last: Outcome | undefined;
  #more = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param heldMs how long the count is held back; undefined: until something else is said */
  constructor(style: Style, timeOf: (outcome: Outcome) => string, heldMs: number | undefined) {
    this.#style = style;
    this.#timeOf = timeOf;
    this.#heldMs = heldMs;
  }

  add(outcome: Outcome): void {
    if (this.#shown === undefined || !saysSame(this.#shown, outcome)) {
      this.end();
      this.#shown = outcome;
      standardOutput.writeLine(outcomeLine(outcome, this.#style, this.#timeOf(outcome)));
      return;
    }
    this.#last = outcome;
    this.#more++;
    if (this.#heldMs === undefined) return;
    this.#timer ??= setTimeout(() => this.settle(), this.#heldMs).unref();
  }

  /** Writes the count, if there is one; equal outcomes go on to be counted. */
  settle(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#last === undefined) return;
    const time = this.#timeOf(this.#last);
    standardOutput.writeLine(repeatedOutcomeLine(this.#more, this.#last, this.#style, time));
    this.#last = undefined;
    this.#more = 0;
  }

  /** The same, and the next outcome is shown whatever it says. */
  end(): void {
    this.settle();
    this.#shown = undefined;
  }
}
