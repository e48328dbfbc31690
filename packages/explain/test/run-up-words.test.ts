import type { Kill, MemorySample } from '@oomwatcher/oom';
import { expect, test } from 'vitest';
import { bareKill, invisible, plain, withHostileTexts } from '../../oom/test/support/kills.js';
import { curve } from '../src/curve.js';
import { english } from '../src/english.js';
import { explain } from '../src/explanation.js';
import { runUpWords } from '../src/run-up-words.js';
import { formatRate } from '../src/sizes.js';

const mib = 1024;
const at = (seconds: number, usageMiB: number, more: Partial<MemorySample> = {}): MemorySample => ({
  monotonicUs: 1000e6 + seconds * 1e6,
  usageKiB: usageMiB * mib,
  limitKiB: 256 * mib,
  ...more,
});

/** 80 s at 3 MiB/s, from 10 MiB to 250; killed a second after the last sample, by the limit of the pod. */
const leak: Kill = {
  ...bareKill,
  victim: { pid: 7, name: 'worker', anonRssKiB: 240 * mib },
  cgroup: { victim: '/pod/app', limit: '/pod' },
  memory: { usageKiB: 256 * mib, limitKiB: 256 * mib },
  runUp: {
    killMonotonicUs: 1102e6,
    limitOwner: {
      path: '/pod',
      sinceMonotonicUs: 400e6,
      samples: [
        at(0, 16),
        at(10, 16),
        at(20, 16),
        ...Array.from({ length: 41 }, (_, i) => at(22 + i * 2, 16 + (i + 1) * 6 - 6)),
      ],
    },
    cgroup: { path: '/pod/app', sinceMonotonicUs: 400e6, samples: [at(0, 4), at(50, 90)] },
  },
};

test('a growth is said with rate, time and size, and drawn below its limit', () => {
  const lines = explain(leak, plain).split('\n');
  const from = lines.findIndex((line) => line.startsWith('  Before'));
  expect(lines.slice(from, from + 3)).toEqual([
    '  Before     grew 3.0 MiB/s for 80 s, to 256.0 MiB',
    '             ▁··▁···▁▁▁▁▂▂▂▂▂▃▃▃▃▃▄▄▄▄▅▅▅▅▅▆▆▆▆▆▇▇▇▇█ of 256 MiB, 102 s',
    "             ▁··▃···· of 256 MiB, 102 s (victim's)",
  ]);
});

test('a piece of time in which nobody looked is a gap of the curve, not a line between two samples', () => {
  const samples = [at(0, 10), at(100, 200)];
  const run = { path: '/a', sinceMonotonicUs: 0, samples };
  expect(curve(run, { ...bareKill, runUp: { cgroup: run } }, 67)).toBe(
    '▁······▆ of 256 MiB, 100 s to the last sample',
  );
  expect(runUpWords({ ...bareKill, runUp: { cgroup: run } })[0]).toBe(
    'went up 190.0 MiB in the last 100 s',
  );
});

test('a full block is the limit, and nothing less is', () => {
  const samples = [at(0, 240), at(1, 256), at(2, 0)];
  const run = { path: '/a', sinceMonotonicUs: 0, samples };
  expect(curve(run, { ...bareKill, runUp: { cgroup: run } }, 67)).toMatch(/^▇···█··▁ /);
});

test('a cgroup without a limit is drawn against the most that it used', () => {
  const samples = [10, 20, 40].map((size, i) => {
    const { limitKiB: _, ...sample } = at(i, size);
    return sample;
  });
  const run = { path: '/a', sinceMonotonicUs: 0, samples };
  expect(curve(run, { ...bareKill, runUp: { cgroup: run } }, 67)).toMatch(
    /█ at most 40 MiB, 2\.0 s to the last/,
  );
});

test('a kill that nobody watched has no word of what was before it', () => {
  expect(runUpWords(bareKill)).toEqual([]);
  const empty = { path: '/a', sinceMonotonicUs: 0, samples: [] };
  expect(explain({ ...bareKill, runUp: { cgroup: empty } }, plain)).not.toContain('Before');
});

test('the curve and its words fit a terminal of 80 columns, whatever the sizes', () => {
  const samples = Array.from({ length: 120 }, (_, i) =>
    at(i * 5, 1_040_000 + i, { limitKiB: 1_047_500 * mib }),
  );
  const run = { path: '/a', sinceMonotonicUs: 0, samples };
  const lines = explain({ ...bareKill, runUp: { cgroup: run, limitOwner: run } }, plain).split(
    '\n',
  );
  const curves = lines.filter((line) => line.includes('█'));
  expect(curves).toHaveLength(2);
  for (const line of curves) expect(line.length).toBeLessThanOrEqual(80);
});

test('a watch that has just begun says so', () => {
  const { limitOwner } = leak.runUp ?? {};
  const runUp = { ...leak.runUp, limitOwner: { ...limitOwner, sinceMonotonicUs: 1060e6 } };
  expect(runUpWords({ ...leak, runUp } as Kill)).toContain('watched for the last 42 s only');
});

test('names of processes in it cannot write to the terminal', () => {
  const processes = (rss: number) => [
    { pid: 7, startTicks: 1, comm: 'x', anonRssKiB: rss * mib },
    { pid: 8, startTicks: 1, comm: 'y', anonRssKiB: 10 },
  ];
  const samples = [16, 100, 200, 250].map((size, i) =>
    at(i * 10, size, { processes: processes(size) }),
  );
  const kill = withHostileTexts({
    ...leak,
    victim: { pid: 8, name: 'y', anonRssKiB: 10 },
    runUp: { killMonotonicUs: 1040e6, limitOwner: { path: '/pod', sinceMonotonicUs: 0, samples } },
  });
  expect(explain(kill, plain)).toContain('x (pid 7) did');
  expect(explain(kill, plain)).not.toMatch(invisible);
});

test.each([
  [3 * mib, 1e6, '3.0 MiB/s'],
  [30, 60e6, '30 KiB/min'],
])('%d KiB in %d us are %s', (kib, us, words) => expect(formatRate(kib, us)).toBe(words));

test.each([
  [800_000, '0.8 s'],
  [80e6, '80 s'],
  [540e6, '9 min'],
])('%d us are %s', (us, words) => expect(english.runUp.span(us)).toBe(words));
