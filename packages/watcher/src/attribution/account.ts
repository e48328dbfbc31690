/** The kernel's own count beside what was given out. */
export interface Account {
  /** Kills that the kernel has counted, of those whose lines came since the watch is live or are still to come. */
  kernelKills: number;
  /** How many of them are neither a kill that was given out nor the repeat of one. */
  unaccounted: number;
}
