import { type Kill, placeKill } from '@oomwatcher/oom';
import type { Placement } from './placement.js';

/**
 * So long without a kill every line that is left has been read: the reader looks at the log once a second at the least.
 */
const calmMs = 1500;
const checkEveryMs = 500;

/**
 * Finds the kills whose lines were lost with the log. Each is told as a kill without a victim, in its cgroup where the
 * counters leave one answer. It asks only after a loss, and only when the kernel has stopped killing for a while: until
 * then a line that is missing may still be on its way.
 */
export class LostKills {
  readonly #placement: Placement;
  readonly #bootId: string;
  #checkAtMs: number | undefined;
  #kernelKills = -1;
  #calmSinceMs = 0;

  constructor(placement: Placement, bootId: string) {
    this.#placement = placement;
    this.#bootId = bootId;
  }

  recordsLost(nowMs: number): void {
    this.#placement.recordsLost();
    this.#checkAtMs ??= nowMs + checkEveryMs;
  }

  /** Milliseconds until `take` may find something; undefined when nothing was lost. */
  waitMs(nowMs: number): number | undefined {
    return this.#checkAtMs === undefined ? undefined : Math.max(0, this.#checkAtMs - nowMs);
  }

  take(nowMs: number): Kill[] {
    if (this.#checkAtMs === undefined || nowMs < this.#checkAtMs) return [];
    this.#checkAtMs = nowMs + checkEveryMs;
    const kernelKills = this.#placement.kernelKills();
    if (kernelKills !== this.#kernelKills) {
      this.#kernelKills = kernelKills;
      this.#calmSinceMs = nowMs;
      return [];
    }
    if (nowMs - this.#calmSinceMs < calmMs) return [];
    this.#checkAtMs = undefined;
    this.#kernelKills = -1;
    const unread = this.#placement.takeUnread();
    // The kernel's count only grows, also across restarts of the agent: no number comes twice in one boot.
    return unread.map((path, index) => this.#record(path, kernelKills - index));
  }

  #record(path: string | undefined, number: number): Kill {
    const kill: Kill = {
      schema: 'oomwatcher.kill/v1',
      id: `${this.#bootId}:c${number}`,
      bootId: this.#bootId,
      complete: false,
    };
    return path === undefined
      ? { ...kill, cgroup: { from: 'counter' } }
      : placeKill(kill, path, 'counter');
  }
}
