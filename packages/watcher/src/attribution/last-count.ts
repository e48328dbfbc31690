/**
 * So long without a kill the last one that was counted has been printed: the kernel holds one lock from the count to the
 * line (oom_lock, mm/oom_kill.c), so at most one is ever between the two.
 */
const calmMs = 1500;

/** How far the reader of the log is. */
export interface ReadingState {
  /** How often it has read the log to its end. */
  timesDry(): number;
  /** Whether all that it read has arrived here. */
  hasTakenAll(): boolean;
}

/** The kernel's count of kills, since when it has been the same, and whether the log has been read to its end since. */
export class LastCount {
  #kernelKills = -1;
  #sinceMs = 0;
  #dryThen = 0;

  get kernelKills(): number {
    return this.#kernelKills;
  }

  /** Takes a look at the count. Returns whether it is another than at the look before. */
  changes(kernelKills: number, nowMs: number, reading: ReadingState): boolean {
    if (kernelKills === this.#kernelKills) return false;
    this.#kernelKills = kernelKills;
    this.#sinceMs = nowMs;
    this.#dryThen = reading.timesDry();
    return true;
  }

  isCalm(nowMs: number): boolean {
    return this.sameForMs(nowMs) >= calmMs;
  }

  sameForMs(nowMs: number): number {
    return nowMs - this.#sinceMs;
  }

  /**
   * Whether every line that was in the log after the last kill has arrived here. Time alone does not show it: the reader's
   * thread may be far behind in a flood, or this thread may have been busy with its timers due before its lines.
   */
  hasReadAll(reading: ReadingState): boolean {
    return reading.timesDry() >= this.#dryThen + 2 && reading.hasTakenAll();
  }

  /** The next look begins anew. */
  forget(): void {
    this.#kernelKills = -1;
  }
}
