import type { Kill } from '@oomwatcher/oom';
import type { CounterPlaces } from './counter-places.js';
import { LastCount, type ReadingState } from './last-count.js';
import { lostKill } from './lost-kill.js';
import type { PlaceSource } from './place-source.js';

/**
 * Where the kernel kills on: at each of so many different counts the same number of kills had no line. Were one of them
 * only not printed yet, then another one would have to be just there at each of those moments.
 */
const confirmationsNeeded = 8;

/** Also how long a cgroup whose kill has no line must stay to be named. One look is one read(2). */
const checkEveryMs = 20;

/** What has been asked so often and is still unread is gone: no ring outlives ten seconds of an endless flood. */
const maxPatience = 500;

/**
 * Finds the kills whose lines were lost with the log. Each becomes a kill without a victim, in its cgroup where the
 * counters leave one answer. It looks only after a loss, and gives only what is certain: a line that is missing may still
 * be on its way.
 */
export class LostKills implements PlaceSource {
  readonly #counters: CounterPlaces;
  readonly #bootId: string;
  readonly #reading: ReadingState;
  readonly #last = new LastCount();
  #patience = maxPatience;
  #checkAtMs: number | undefined;
  #fewestUnread = Number.POSITIVE_INFINITY;
  #confirmations = 0;
  #confirmedKills = -1;

  constructor(counters: CounterPlaces, bootId: string, reading: ReadingState) {
    this.#counters = counters;
    this.#bootId = bootId;
    this.#reading = reading;
  }

  recordsLost(nowMs: number): void {
    this.#fewestUnread = Number.POSITIVE_INFINITY;
    this.#checkAtMs ??= nowMs + checkEveryMs;
  }

  /** Milliseconds until `takeKills` may find something; undefined when nothing was lost. */
  waitMs(nowMs: number): number | undefined {
    return this.#checkAtMs === undefined ? undefined : Math.max(0, this.#checkAtMs - nowMs);
  }

  takeKills(nowMs: number): Kill[] {
    if (this.#checkAtMs === undefined || nowMs < this.#checkAtMs) return [];
    this.#checkAtMs = nowMs + checkEveryMs;
    const kernelKills = this.#counters.follow();
    if (!this.#counters.isIncomplete) return this.#done();
    if (this.#last.changes(kernelKills, nowMs, this.#reading)) {
      this.#patience = maxPatience;
      return [];
    }
    const isCalm = this.#last.isCalm(nowMs);
    if (this.#last.hasReadAll(this.#reading)) {
      if (!this.#isConfirmed() && !isCalm) return [];
    } else if (!isCalm || this.#patience-- > 0) {
      return [];
    } else {
      this.#counters.recordsLost();
    }
    const unread = this.#counters.takeUnread(kernelKills);
    if (unread === undefined) return [];
    // The kernel's count only grows, also across restarts of the agent: no number comes twice in one boot.
    return this.#done(unread.map((path, index) => this.#record(path, kernelKills - index)));
  }

  #done(found: Kill[] = []): Kill[] {
    this.#checkAtMs = undefined;
    this.#last.forget();
    return found;
  }

  /** All that is printed has been read. The fewest that were ever unread then are lost, if it is not chance. */
  #isConfirmed(): boolean {
    const { kernelKills } = this.#last;
    const unread = this.#counters.unread(kernelKills);
    if (unread < this.#fewestUnread) {
      this.#fewestUnread = unread;
      this.#confirmations = 0;
      this.#counters.markAllRead(kernelKills);
    } else if (unread > this.#fewestUnread || this.#confirmedKills === kernelKills) {
      return false;
    }
    this.#confirmedKills = kernelKills;
    return ++this.#confirmations >= confirmationsNeeded;
  }

  #record(path: string | undefined, number: number): Kill {
    const kill = lostKill(this.#bootId, number, path, 'counter');
    return path === undefined ? { ...kill, cgroup: { from: 'counter' } } : kill;
  }
}
