import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CounterPlaces } from '../../src/attribution/counter-places.js';
import type { KnownCounts } from '../../src/attribution/known-counts.js';
import { pass, ScriptedKernel, stopClock } from '../support/scripted-kernel.js';

stopClock();

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('kill' as const),
      cgroup: fc.constantFrom('/a', '/a', '/a', '/b', '/b', '/c', undefined),
      isLate: fc.boolean(),
      knows: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('pause' as const),
      ms: fc.constantFrom(1, 6, 30, 300),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('remake' as const),
      cgroup: fc.constantFrom('/a', '/b', '/c'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('stop' as const), forgets: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('start' as const) }) },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A node on which agents come and go while the kernel kills: each goes on from what the one before recorded. */
class Node {
  readonly kernel = new ScriptedKernel();
  readonly cgroupOf: (string | undefined)[] = [];
  readonly placed = new Map<bigint, string>();
  #places: CounterPlaces | undefined;
  #recorded: KnownCounts | undefined;
  /** Up to which line the watch has read. */
  #readThrough = -1n;
  readonly #known = new Map<bigint, string>();
  /** Counted, and its line is not there yet; the kernel makes one kill after the other. */
  #unprinted = 0;

  do(step: Step): void {
    if (step.kind === 'kill') {
      this.#print();
      this.kernel.kill(step.cgroup);
      this.cgroupOf.push(step.cgroup);
      if (step.knows && step.cgroup !== undefined) {
        this.#known.set(BigInt(this.cgroupOf.length - 1), step.cgroup);
      }
      this.#unprinted = 1;
      if (!step.isLate) this.#print();
    } else if (step.kind === 'pause') {
      // Only an interrupt is between a count and its line.
      for (let ms = 0; ms < step.ms; ms++) {
        if (ms === 1) this.#print();
        pass(1);
        this.kernel.dry += 2;
        this.#look();
      }
    } else if (step.kind === 'remake') this.kernel.remake(step.cgroup);
    else if (step.kind === 'stop') this.#stop(step.forgets);
    else this.#start();
    this.#look();
  }

  #print(): void {
    this.#unprinted = 0;
    this.#read();
  }

  get #printedThrough(): bigint {
    return BigInt(this.cgroupOf.length - this.#unprinted) - 1n;
  }

  #read(): void {
    const places = this.#places;
    if (places === undefined) return;
    while (this.#readThrough < this.#printedThrough) {
      places.killLine(++this.#readThrough);
      this.#tell(places, this.#readThrough);
      this.kernel.processedSeq = this.#readThrough;
    }
  }

  #tell(places: CounterPlaces, seq: bigint): void {
    const path = this.#known.get(seq);
    if (path !== undefined) places.placed(seq, path);
  }

  #look(): void {
    this.#places?.observe();
    for (const { seq, path } of this.#places?.takePlaces() ?? []) this.placed.set(seq, path);
  }

  #start(): void {
    if (this.#places !== undefined) return;
    const places = this.kernel.open(this.#recorded);
    for (let seq = 0n; seq <= this.#printedThrough; seq++) {
      places.pastLine(seq);
      this.#tell(places, seq);
    }
    this.#readThrough = this.#printedThrough;
    this.kernel.processedSeq = this.#readThrough;
    places.begin();
    this.#places = places;
  }

  /** `forgets`: it is killed before it could record where it was. */
  #stop(forgets: boolean): void {
    const counts = this.#places?.counts(this.#readThrough);
    if (this.#places !== undefined && !forgets)
      this.#recorded = counts && { bootId: 'b', ...counts };
    this.#places = undefined;
  }
}

it('a cgroup is never told wrong, whenever agents come and go and whatever the kernel does', () => {
  let told = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 80 }), (steps) => {
      const node = new Node();
      for (const each of [{ kind: 'start' } as const, ...steps]) node.do(each);
      for (const [seq, path] of node.placed) expect(path).toBe(node.cgroupOf[Number(seq)]);
      told += node.placed.size;
    }),
    { numRuns: 300 },
  );
  expect(told, 'nothing would be wrong if nothing were told').toBeGreaterThan(100);
});
