import { LastCount, type ReadingState } from './last-count.js';

/** So long the count has to be the same for a moment to say anything: a kill and its line are microseconds apart. */
const stillMs = 4;

/** A count that is the same for so long is enough alone. */
export const calmMs = 250;

/** How many moments, each at another count, have to say the same. */
const momentsNeeded = 3;

/** The longest pause between two looks. */
const maxPauseMs = 256;

/**
 * Finds a moment at which the kernel's count and the lines are of the same kills, though nobody knows how many lines were
 * of kills that were counted before: also in a storm.
 *
 * While the count stays the same and the log is read to its end, the lines are those of all kills counted, or of all but
 * one: the kernel holds oom_lock from the count to the line, and a spin lock as well (task_lock, __oom_kill_process,
 * mm/oom_kill.c), so that only an interrupt can come between the two. So count less lines is always one of two
 * neighbouring numbers. The smaller is right: it is certain when both were seen, and when the same was seen in several
 * pauses between kills.
 */
export class CountedLines {
  readonly #reading: ReadingState;
  readonly #last = new LastCount();
  #lines = 0;
  #difference: number | undefined;
  #moments = 0;
  #kernelKillsThen = -1;
  #lookAtMs = Number.NEGATIVE_INFINITY;

  constructor(reading: ReadingState) {
    this.#reading = reading;
  }

  /** A kill line was taken. */
  add(): void {
    this.#lines++;
  }

  /** Lines are lost: what was found so far says nothing any more. */
  forget(): void {
    this.#last.forget();
    this.#difference = undefined;
    this.#moments = 0;
    this.#lookAtMs = Number.NEGATIVE_INFINITY;
  }

  /** Milliseconds until the next look is worth it. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.#lookAtMs - nowMs);
  }

  /** @returns whether the lines that were taken are those of the kills that were counted, and no kill is between the two */
  agree(kernelKills: number, nowMs: number): boolean {
    if (this.#last.changes(kernelKills, nowMs, this.#reading)) {
      this.#lookAtMs = nowMs + stillMs;
      return false;
    }
    const sameForMs = this.#last.sameForMs(nowMs);
    this.#lookAtMs = nowMs + Math.min(Math.max(sameForMs, stillMs), maxPauseMs);
    if (sameForMs < stillMs || !this.#last.hasReadAll(this.#reading)) return false;
    return sameForMs >= calmMs || this.#isConfirmed(kernelKills);
  }

  #isConfirmed(kernelKills: number): boolean {
    if (kernelKills === this.#kernelKillsThen) return false;
    const difference = kernelKills - this.#lines;
    const before = this.#difference;
    if (before !== undefined && difference > before) return false;
    this.#kernelKillsThen = kernelKills;
    this.#moments = difference === before ? this.#moments + 1 : 1;
    this.#difference = difference;
    return this.#moments >= momentsNeeded || before === difference + 1;
  }
}
