import type { BootRecord, Journal } from '@oomwatcher/journal';
import { accountedFor, noteWitness } from '@oomwatcher/journal';
import type { Watcher } from '@oomwatcher/watcher';

/**
 * For so long the kernel must not have killed before its count is compared with the journal: a kill is counted before it
 * is logged, and its line is read within a second.
 */
const calmMs = 1500;

/** And for so long before a difference is the running watch's own: kills whose lines were lost are reported by then. */
const longCalmMs = 5000;

/**
 * Finds out what happened when nobody was watching. The watch knows which kills it has missed itself; whatever else the
 * kernel counts more than the journal has happened before the watch began, and the log does not hold it any more: before
 * the first watch of this boot, or while the agent was away.
 */
export class AccountKeeper {
  readonly #watcher: Watcher;
  readonly #journal: Journal;
  readonly #bootId: string;
  readonly #kernelKills: () => number | undefined;
  #last = -1;
  #calmSinceMs = 0;
  #settled = false;

  constructor(options: {
    watcher: Watcher;
    journal: Journal;
    bootId: string;
    kernelKills: () => number | undefined;
  }) {
    this.#watcher = options.watcher;
    this.#journal = options.journal;
    this.#bootId = options.bootId;
    this.#kernelKills = options.kernelKills;
  }

  /** Asked when everything that the watch has given out is in the journal. */
  check(nowMs: number): void {
    noteWitness(this.#journal.store, this.#bootId, this.#watcher.witness);
    const kernelKills = this.#kernelKills();
    if (kernelKills === undefined) return;
    if (kernelKills !== this.#last) {
      this.#last = kernelKills;
      this.#calmSinceMs = nowMs;
      return;
    }
    const calm = nowMs - this.#calmSinceMs;
    const { cursor, counts } = this.#watcher;
    const boot = this.#journal.boot(this.#bootId);
    if (calm < calmMs || cursor === undefined || boot === undefined) return;
    if (!this.#settled) {
      this.#settled = true;
      const missed = this.#missedBefore(kernelKills, boot);
      const tallies =
        boot.beforeFirstWatch === undefined ? { beforeFirstWatch: missed } : { whileAway: missed };
      if (missed > 0 || boot.beforeFirstWatch === undefined) {
        this.#journal.append({ kills: [], cursor, counts, tallies });
      }
    } else if (calm >= longCalmMs && kernelKills - accountedFor(boot) !== boot.unaccounted) {
      this.#journal.setUnaccounted(this.#bootId, kernelKills - accountedFor(boot));
    }
  }

  #missedBefore(kernelKills: number, boot: BootRecord): number {
    const { account } = this.#watcher.stats();
    const ownToReport = Math.max(0, account?.unaccounted ?? 0);
    return Math.max(0, kernelKills - accountedFor(boot) - boot.unaccounted - ownToReport);
  }
}
