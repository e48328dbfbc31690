import { seriesOf } from '@oomwatcher/explain';
import type { Kill, MemorySample } from '@oomwatcher/oom';
import { expect, test } from 'vitest';
import { bareKill } from '../../oom/test/support/kills.js';
import { runUpBars } from '../src/page/run-up-bars.js';

const sample = (seconds: number, usageKiB: number, more: Partial<MemorySample> = {}) => ({
  monotonicUs: seconds * 1e6,
  usageKiB,
  limitKiB: 1000,
  ...more,
});
const process = (pid: number, anonRssKiB: number, startTicks = 1) => ({
  pid,
  startTicks,
  comm: `p${pid}`,
  anonRssKiB,
});

function barsOf(samples: MemorySample[], victim?: Kill['victim']) {
  const run = { path: '/a', sinceMonotonicUs: 0, samples };
  const series = seriesOf(run, { ...bareKill, runUp: { cgroup: run } });
  if (series === undefined) throw new Error('no series');
  return runUpBars(series, victim);
}

test('between two samples that are far apart nothing is drawn', () => {
  const { bars } = barsOf([sample(0, 10), sample(100, 900)]);
  expect(bars[0]?.to).toBeLessThan(0.01);
  expect(bars[1]?.from).toBeGreaterThan(0.99);
});

test('samples that follow one another closely have no hole between them', () => {
  const { bars } = barsOf(Array.from({ length: 101 }, (_, i) => sample(i, i)));
  for (const [i, bar] of bars.entries()) {
    if (i > 0) expect(bar.from).toBeCloseTo(bars[i - 1]?.to ?? 0, 9);
  }
});

test('the victim is at the bottom, then the others by size, then what no process has, then page cache', () => {
  const processes = [process(8, 300), process(7, 100)];
  const { bars, processes: shown } = barsOf(
    [sample(0, 900, { processes, fileKiB: 250, shmemKiB: 50 })],
    { pid: 7, name: 'p7' },
  );
  expect(shown.map(({ pid, isVictim }) => [pid, isVictim])).toEqual([
    [7, true],
    [8, false],
  ]);
  expect(bars[0]?.parts).toEqual([
    { of: 0, fromKiB: 0, toKiB: 100 },
    { of: 1, fromKiB: 100, toKiB: 400 },
    { of: 'rest', fromKiB: 400, toKiB: 700 },
    { of: 'cache', fromKiB: 700, toKiB: 900 },
  ]);
});

test('processes that share memory do not make a bar higher than the usage', () => {
  const processes = [process(8, 300), process(7, 300)];
  const { bars } = barsOf([sample(0, 400, { processes })]);
  expect(Math.max(...(bars[0]?.parts ?? []).map(({ toKiB }) => toKiB))).toBe(400);
});

test('a pid that passed to another process is two of them, and at most four have a colour', () => {
  const processes = [1, 2, 3].map((pid) => process(pid, pid * 10));
  const later = [process(1, 90, 500), process(4, 50), process(5, 60)];
  const { processes: shown } = barsOf(
    [sample(0, 400, { processes }), sample(9, 800, { processes: later })],
    { pid: 1, name: 'p1', startTicks: 500 },
  );
  expect(shown.map(({ pid }) => pid)).toEqual([1, 5, 4, 3]);
  expect(shown.filter(({ isVictim }) => isVictim)).toHaveLength(1);
});
