import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Ledger } from '../src/ledger.js';

const rise = (counts: Record<string, number>) => new Map(Object.entries(counts));

function ledgerWith(...seqs: bigint[]): Ledger {
  const ledger = new Ledger();
  for (const seq of seqs) ledger.line(seq);
  return ledger;
}

test('a kill is placed where the only rise was', () => {
  const ledger = ledgerWith(1n);
  ledger.closeWindow(rise({ '/a': 1 }));
  expect(ledger.resolve()).toEqual([{ seq: 1n, path: '/a' }]);
  expect(ledger.isOpen(1n)).toBe(false);
});

test('of two kills in two cgroups neither is guessed', () => {
  const ledger = ledgerWith(1n, 2n);
  ledger.closeWindow(rise({ '/a': 1, '/b': 1 }));
  expect(ledger.resolve()).toEqual([]);
  expect(ledger.isOpen(1n)).toBe(true);
});

test('what the log or /proc tells of one kill leaves one answer for the other', () => {
  const ledger = ledgerWith(1n, 2n);
  ledger.closeWindow(rise({ '/a': 1, '/b': 1 }));
  ledger.resolve();
  ledger.place(2n, '/b');
  expect(ledger.resolve()).toEqual([{ seq: 1n, path: '/a' }]);
});

test('a kill that nobody could place does not spoil the next window', () => {
  const ledger = ledgerWith(1n, 2n);
  ledger.closeWindow(rise({ '/a': 1, '/b': 1 }));
  ledger.abandon(1n);
  ledger.abandon(2n);
  ledger.line(3n);
  ledger.closeWindow(rise({ '/b': 1 }));
  expect(ledger.resolve()).toEqual([{ seq: 3n, path: '/b' }]);
});

test('a kill in a cgroup that nobody watches is not given to one that is watched', () => {
  const ledger = ledgerWith(1n, 2n);
  ledger.closeWindow(rise({ '/a': 1 }));
  expect(ledger.resolve()).toEqual([]);
  ledger.place(2n, '/unwatched');
  expect(ledger.resolve()).toEqual([{ seq: 1n, path: '/a' }]);
});

test('an abandoned kill is not told of later', () => {
  const ledger = ledgerWith(1n);
  ledger.abandon(1n);
  ledger.closeWindow(rise({ '/a': 1 }));
  expect(ledger.resolve()).toEqual([]);
});

test('windows that stay open are bounded', () => {
  const ledger = new Ledger();
  for (let seq = 0n; seq < 2000n; seq += 2n) {
    ledger.line(seq);
    ledger.line(seq + 1n);
    ledger.closeWindow(rise({ '/a': 1, '/b': 1 }));
  }
  expect(ledger.isOpen(0n)).toBe(false);
  expect(ledger.isOpen(1999n)).toBe(true);
});

test('of a storm that is too long to be remembered no kill is told twice', () => {
  const ledger = new Ledger();
  for (let seq = 0n; seq < 10_000n; seq++) ledger.line(seq);
  expect(ledger.linesInWindow).toBe(10_000);
  expect(ledger.takeLost(rise({ '/a': 10_001, '/b': 1 }), 10_002)).toEqual(['/a', undefined]);
});

test('what was forgotten of a storm does not place the rest of it', () => {
  const ledger = new Ledger();
  for (let seq = 0n; seq < 5_000n; seq++) ledger.line(seq);
  for (let seq = 4_096n; seq < 4_999n; seq++) ledger.place(seq, '/b');
  ledger.closeWindow(rise({ '/a': 1, '/b': 4_999 }));
  expect(ledger.resolve()).toEqual([]);
  expect(ledger.linesInWindow).toBe(0);
});

describe('against a simulated kernel', () => {
  /** Kills in cgroups 0 to 3, of which 3 is not watched; what /proc told of each; when the counters were read. */
  const history = fc.array(
    fc.record({
      cgroup: fc.integer({ min: 0, max: 3 }),
      told: fc.boolean(),
      toldLate: fc.boolean(),
      sampled: fc.boolean(),
    }),
    { maxLength: 60 },
  );

  test('no kill is ever placed in a cgroup it did not happen in', () => {
    fc.assert(
      fc.property(history, (kills) => {
        const ledger = new Ledger();
        const truth = new Map<bigint, string>();
        const late: bigint[] = [];
        let counts = new Map<string, number>();
        const check = () => {
          for (const { seq, path } of ledger.resolve()) expect(path).toBe(truth.get(seq));
        };
        kills.forEach(({ cgroup, told, toldLate, sampled }, index) => {
          const seq = BigInt(index);
          const path = `/${cgroup}`;
          truth.set(seq, path);
          if (cgroup !== 3) counts.set(path, (counts.get(path) ?? 0) + 1);
          ledger.line(seq);
          if (told && !toldLate) ledger.place(seq, path);
          if (told && toldLate) late.push(seq);
          if (!sampled) return;
          ledger.closeWindow(counts);
          counts = new Map();
          check();
          for (const earlier of late.splice(0)) ledger.place(earlier, truth.get(earlier) as string);
          check();
        });
      }),
      { numRuns: 2000 },
    );
  });
});
