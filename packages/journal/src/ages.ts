import type { Clock } from './clock.js';
import type { JournalledKill } from './kill-rows.js';

/** Batches whose moment is known; a kill of an earlier one is older than anything waits. */
const maxMoments = 4096;

/**
 * How long ago a kill was recorded, whatever is done to the wall clock meanwhile: a machine without a battery begins in
 * 1970, and NTP sets it later by decades. Of what this process has recorded the moment is known; of earlier kills the
 * wall clock of the start is asked once.
 */
export class Ages {
  readonly #clock: Clock;
  readonly #startWallMs: number;
  readonly #startMs: number;
  readonly #moments: { firstRow: number; atMs: number }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startWallMs = clock.wallMs();
    this.#startMs = clock.monotonicMs();
  }

  /** The kill of this row, and those after it, are recorded now. */
  recorded(firstRow: number): void {
    this.#moments.push({ firstRow, atMs: this.#clock.monotonicMs() });
    if (this.#moments.length > maxMoments) this.#moments.shift();
  }

  /** Kills have other rows now. */
  renumbered(): void {
    this.#moments.length = 0;
  }

  /** The wall clock as it was at the start, gone on with: whoever sets it changes no wait and no age. */
  get steadyMs(): number {
    return this.#startWallMs + this.#clock.monotonicMs() - this.#startMs;
  }

  of({ row, recordedMs }: Pick<JournalledKill, 'row' | 'recordedMs'>): number {
    const nowMs = this.#clock.monotonicMs();
    const moment = this.#moments.findLast(({ firstRow }) => firstRow <= row);
    if (moment !== undefined) return nowMs - moment.atMs;
    return nowMs - this.#startMs + Math.max(0, this.#startWallMs - recordedMs);
  }
}
