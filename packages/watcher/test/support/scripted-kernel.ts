import { afterEach, beforeEach, vi } from 'vitest';
import { CounterPlaces } from '../../src/attribution/counter-places.js';
import type { CounterSample } from '../../src/attribution/oom-counters.js';

/** Makes the clock stand still but where a test lets it go on. */
export function stopClock(): void {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());
}

export function pass(milliseconds: number): void {
  vi.advanceTimersByTime(milliseconds);
}

/** Longer than the time after a zero in which a line may still be of a kill from before it. */
const settledMs = 300;

/** The kernel's kill counters as a test wants them; what reads them is the real thing. Needs a stopped clock. */
export class ScriptedKernel {
  samples = 0;
  scans = 0;
  /** How long one sample takes. */
  sampleMs = 0;
  #sinceBoot = 0;
  #sampled = 0;
  #counts = new Map<string, number>();
  #total = 0;

  /** A kill that the kernel has counted. `undefined`: in a cgroup that nobody watches. */
  kill(path: string | undefined): void {
    this.#sinceBoot++;
    this.#total++;
    if (path !== undefined) this.#counts.set(path, (this.#counts.get(path) ?? 0) + 1);
  }

  sample(): CounterSample {
    this.samples++;
    this.#sampled = this.#sinceBoot;
    pass(this.sampleMs);
    return { cgroups: new Map(this.#counts), total: this.#total };
  }

  rebase(): void {
    this.#counts.clear();
    this.#total = 0;
  }

  scan(): void {
    this.scans++;
  }

  readTotalSinceBoot(): number {
    return this.#sinceBoot;
  }

  get totalAtSample(): number {
    return this.#sampled;
  }

  get totalAtRebase(): number {
    return this.#sinceBoot - this.#total;
  }

  close(): void {}

  /** Places whose counters are these. Its constructor is private to keep `open` the only way of the product. */
  places({ settled = true } = {}): CounterPlaces {
    const Open = CounterPlaces as unknown as new (counters: ScriptedKernel) => CounterPlaces;
    const places = new Open(this);
    places.begin();
    if (settled) pass(settledMs);
    return places;
  }
}
