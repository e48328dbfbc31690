import { afterEach, beforeEach, vi } from 'vitest';
import { CounterPlaces, type CounterReading } from '../../src/attribution/counter-places.js';
import type { KnownCgroup, KnownCounts } from '../../src/attribution/known-counts.js';
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
export const settledMs = 300;

/** The kernel's kill counters as a test wants them; what reads them is the real thing. Needs a stopped clock. */
export class ScriptedKernel {
  samples = 0;
  scans = 0;
  /** How long one sample takes. */
  sampleMs = 0;
  /** How often the log was read to its end. */
  dry = 0;
  /** The first record that is still in the log, and the last one that was taken. */
  firstSeq = 0n;
  processedSeq = -1n;
  readonly reading: CounterReading = readingOf(this);
  #sinceBoot = 0;
  #sampled = 0;
  #sinceBootOf = new Map<string, KnownCgroup>();
  #atRebase: Pick<KnownCounts, 'total' | 'cgroups'> = { total: 0, cgroups: [] };
  #counts = new Map<string, number>();
  #total = 0;

  /** A kill that the kernel has counted. `undefined`: in a cgroup that nobody watches. */
  kill(path: string | undefined): void {
    this.#sinceBoot++;
    this.#total++;
    if (path === undefined) return;
    this.#counts.set(path, (this.#counts.get(path) ?? 0) + 1);
    const { inode = '1', kills = 0 } = this.#sinceBootOf.get(path) ?? {};
    this.#sinceBootOf.set(path, { path, inode, kills: kills + 1 });
  }

  /** The cgroup is made anew under the same path. */
  remake(path: string): void {
    const { inode = '1' } = this.#sinceBootOf.get(path) ?? {};
    this.#sinceBootOf.set(path, { path, inode: `${inode}1`, kills: 0 });
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
    const cgroups = [...this.#sinceBootOf.values()].filter(({ kills }) => kills > 0);
    this.#atRebase = { total: this.#sinceBoot, cgroups };
  }

  atRebase(): Pick<KnownCounts, 'total' | 'cgroups'> {
    return this.#atRebase;
  }

  rebaseTo({ total, cgroups }: Pick<KnownCounts, 'total' | 'cgroups'>): boolean {
    if (total > this.#sinceBoot) return false;
    this.#total = this.#sinceBoot - total;
    const before = new Map(cgroups.map((each) => [each.path, each]));
    for (const { path, inode, kills } of this.#sinceBootOf.values()) {
      const known = before.get(path);
      this.#counts.set(path, kills - (known?.inode === inode ? known.kills : 0));
    }
    return true;
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
  open(before?: KnownCounts): CounterPlaces {
    const Open = CounterPlaces as unknown as new (
      counters: ScriptedKernel,
      reading: CounterReading,
      before: KnownCounts | undefined,
    ) => CounterPlaces;
    return new Open(this, this.reading, before);
  }

  /** The same when the watch is live. */
  places({ settled = true } = {}): CounterPlaces {
    const places = this.open();
    places.begin();
    if (settled) pass(settledMs);
    return places;
  }
}

function readingOf(kernel: ScriptedKernel): CounterReading {
  return {
    timesDry: () => kernel.dry,
    hasTakenAll: () => true,
    firstSeq: () => kernel.firstSeq,
    get processedSeq() {
      return kernel.processedSeq;
    },
  };
}
