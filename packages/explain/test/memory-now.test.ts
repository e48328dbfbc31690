import { expect, test } from 'vitest';
import { memoryNow } from '../src/memory-now.js';

const sample = (seconds: number, usageKiB: number, cacheKiB = 0) => ({
  monotonicUs: seconds * 1e6,
  usageKiB,
  limitKiB: 100_000,
  fileKiB: cacheKiB,
  shmemKiB: 0,
});
const run = (samples: ReturnType<typeof sample>[]) => ({
  path: '/a',
  sinceMonotonicUs: 0,
  samples,
});

test('growth is of the last minute, and not of page cache', () => {
  const samples = [sample(0, 90_000), sample(60, 10_000), sample(100, 99_000, 87_000)];
  expect(memoryNow(run(samples))).toEqual({
    path: '/a',
    usageKiB: 99_000,
    limitKiB: 100_000,
    workingSetKiB: 12_000,
    growthKiBPerS: 50,
  });
});

test('what grows steadily has a time', () => {
  const samples = Array.from({ length: 21 }, (_, i) => sample(i * 10, 10_000 + i * 2000));
  expect(memoryNow(run(samples))).toMatchObject({ growthKiBPerS: 200, secondsToLimit: 250 });
});

test('one sample has no growth, and a cgroup without a limit is not told', () => {
  expect(memoryNow(run([sample(0, 10)]))).not.toHaveProperty('growthKiBPerS');
  const { limitKiB: _, ...unlimited } = sample(0, 10);
  expect(memoryNow({ ...run([]), samples: [unlimited] })).toBeUndefined();
  expect(memoryNow(run([]))).toBeUndefined();
});
