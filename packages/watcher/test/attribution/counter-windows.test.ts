import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CounterWindows } from '../../src/attribution/counter-windows.js';

const rise = (counts: Record<string, number>) => new Map(Object.entries(counts));

function windowsWith(...seqs: bigint[]): CounterWindows {
  const windows = new CounterWindows();
  for (const seq of seqs) windows.killLine(seq);
  return windows;
}

test('a kill is placed where the only rise was', () => {
  const windows = windowsWith(1n);
  windows.closeWindow(rise({ '/a': 1 }));
  expect(windows.takePlaces()).toEqual([{ seq: 1n, path: '/a' }]);
  expect(windows.isOpen(1n)).toBe(false);
});

test('of two kills in two cgroups neither is guessed', () => {
  const windows = windowsWith(1n, 2n);
  windows.closeWindow(rise({ '/a': 1, '/b': 1 }));
  expect(windows.takePlaces()).toEqual([]);
  expect(windows.isOpen(1n)).toBe(true);
});

test('what the log or /proc says of one kill leaves one answer for the other', () => {
  const windows = windowsWith(1n, 2n);
  windows.closeWindow(rise({ '/a': 1, '/b': 1 }));
  windows.takePlaces();
  windows.placed(2n, '/b');
  expect(windows.takePlaces()).toEqual([{ seq: 1n, path: '/a' }]);
});

test('a kill that nobody could place does not spoil the next window', () => {
  const windows = windowsWith(1n, 2n);
  windows.closeWindow(rise({ '/a': 1, '/b': 1 }));
  windows.abandon(1n);
  windows.abandon(2n);
  windows.killLine(3n);
  windows.closeWindow(rise({ '/b': 1 }));
  expect(windows.takePlaces()).toEqual([{ seq: 3n, path: '/b' }]);
});

test('a kill in a cgroup that nobody watches is not given to one that is watched', () => {
  const windows = windowsWith(1n, 2n);
  windows.closeWindow(rise({ '/a': 1 }));
  expect(windows.takePlaces()).toEqual([]);
  windows.placed(2n, '/unwatched');
  expect(windows.takePlaces()).toEqual([{ seq: 1n, path: '/a' }]);
});

test('an abandoned kill is not reported later', () => {
  const windows = windowsWith(1n);
  windows.abandon(1n);
  windows.closeWindow(rise({ '/a': 1 }));
  expect(windows.takePlaces()).toEqual([]);
});

test('windows that stay open are bounded', () => {
  const windows = new CounterWindows();
  for (let seq = 0n; seq < 2000n; seq += 2n) {
    windows.killLine(seq);
    windows.killLine(seq + 1n);
    windows.closeWindow(rise({ '/a': 1, '/b': 1 }));
  }
  expect(windows.isOpen(0n)).toBe(false);
  expect(windows.isOpen(1999n)).toBe(true);
});

test('of a storm that is too long to be remembered no kill is reported twice', () => {
  const windows = new CounterWindows();
  for (let seq = 0n; seq < 10_000n; seq++) windows.killLine(seq);
  expect(windows.linesInWindow).toBe(10_000);
  expect(windows.takeLost(rise({ '/a': 10_001, '/b': 1 }), 10_002)).toEqual(['/a', undefined]);
});

test('what was forgotten of a storm does not place the rest of it', () => {
  const windows = new CounterWindows();
  for (let seq = 0n; seq < 5_000n; seq++) windows.killLine(seq);
  for (let seq = 4_096n; seq < 4_999n; seq++) windows.placed(seq, '/b');
  windows.closeWindow(rise({ '/a': 1, '/b': 4_999 }));
  expect(windows.takePlaces()).toEqual([]);
  expect(windows.linesInWindow).toBe(0);
});

describe('against a simulated kernel', () => {
  /** Kills in cgroups 0 to 3, of which 3 is not watched; what /proc said of each; when the counters were read. */
  const history = fc.array(
    fc.record({
      cgroup: fc.integer({ min: 0, max: 3 }),
      reported: fc.boolean(),
      reportedLate: fc.boolean(),
      sampled: fc.boolean(),
    }),
    { maxLength: 60 },
  );

  test('no kill is ever placed in a cgroup it did not happen in', () => {
    fc.assert(
      fc.property(history, (kills) => {
        const windows = new CounterWindows();
        const truth = new Map<bigint, string>();
        const late: bigint[] = [];
        let counts = new Map<string, number>();
        const check = () => {
          for (const { seq, path } of windows.takePlaces()) expect(path).toBe(truth.get(seq));
        };
        kills.forEach(({ cgroup, reported, reportedLate, sampled }, index) => {
          const seq = BigInt(index);
          const path = `/${cgroup}`;
          truth.set(seq, path);
          if (cgroup !== 3) counts.set(path, (counts.get(path) ?? 0) + 1);
          windows.killLine(seq);
          if (reported && !reportedLate) windows.placed(seq, path);
          if (reported && reportedLate) late.push(seq);
          if (!sampled) return;
          windows.closeWindow(counts);
          counts = new Map();
          check();
          for (const earlier of late.splice(0))
            windows.placed(earlier, truth.get(earlier) as string);
          check();
        });
      }),
      { numRuns: 2000 },
    );
  });
});
