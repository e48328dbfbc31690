/** The kernel's own count beside what was given out. */
export interface Account {
  /** Kills that the kernel has counted, of those whose lines came since the watch is live or are still to come. */
  kernelKills: number;
  /** How many of them are neither a kill that was given out nor the repeat of one. */
  unaccounted: number;
}

/**
 * The kernel's count of kills against the lines that were taken.
 *
 * Where does the count begin? The first one was read when the watch became live, and lines that are taken after it may be
 * of kills from before: a slow consumer takes them seconds late. No clock decides that. But the kernel counts a kill before
 * it prints its line, so that no more lines can be taken than are counted: where there seem to be, so many of them were of
 * before, and the count begins so much lower.
 */
export class CounterAccount {
  #base = 0;
  /** Lines that were taken since the watch is live, and kills that were found without one. */
  #accounted = 0;

  /** The watch is live, and the kernel has counted so many kills. */
  begin(kernelKills: number): void {
    this.#base = kernelKills;
  }

  /** So many kills more are given out; the kernel's count is read after that. */
  add(kills: number, kernelKills: number): void {
    this.#accounted += kills;
    this.#base = Math.min(this.#base, kernelKills - this.#accounted);
  }

  read(kernelKills: number): Account {
    const counted = kernelKills - this.#base;
    return { kernelKills: counted, unaccounted: counted - this.#accounted };
  }
}
