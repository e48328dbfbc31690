import type { Kill, NodeMemory } from '@oomwatcher/oom';
import { describe, expect, it, test } from 'vitest';
import { readCapture } from '../../oom/test/support/capture.ts';
import { bareKill } from '../../oom/test/support/kills.js';
import { run } from '../../oom/test/support/run.ts';
import { advice } from '../src/advice.js';
import { chinese } from '../src/chinese.js';
import { memoryWas } from '../src/memory-stat.js';

const gib = 1024 * 1024;
const nodeKill = (nodeMemory: NodeMemory, more: Partial<Kill> = {}): Kill => ({
  ...bareKill,
  scope: 'node',
  constraint: 'none',
  complete: true,
  nodeMemory,
  ...more,
});
const normal = { node: 0, zone: 'Normal', minKiB: 67_584, managedKiB: 8 * gib };

describe('a machine that ran out of memory, in a real report', () => {
  it.each<[string, RegExp, RegExp]>([
    [
      '6.1.0-56--v1-e-global-pod',
      /^135\.4 MiB in all, of it 101\.4 MiB anonymous \(heap, stacks\) or in tmpfs, .* 14\.6 MiB of the kernel's objects, 4\.4 MiB free; no swap$/,
      /No memory was left but the kernel's reserve in NUMA node 0 DMA \(864 KiB free, its reserve is 2\.2 MiB\), NUMA node 0 DMA32 /,
    ],
    [
      '5.10.0-32--h-cpuset',
      /^107\.4 MiB in all, of it /,
      /No memory was left but the kernel's reserve in NUMA node 1 DMA32 \(700 KiB free, its reserve is 760 KiB\)\./,
    ],
  ])('%s: what it held, and which zone had none left', (capture, was, next) => {
    const kill = run(readCapture(capture)).kills[0]!;
    expect(memoryWas(kill)).toMatch(was);
    expect(advice(kill).join('\n')).toMatch(next);
    expect(advice(kill, chinese).join('\n')).toContain('已无可用内存');
  });
});

test.each<[string, NodeMemory, RegExp]>([
  ['tmpfs', { managedKiB: 8 * gib, shmemKiB: 3 * gib }, /3\.0 GiB of the node's 8\.0 GiB.*tmpfs/],
  ['slab', { managedKiB: 8 * gib, slabKiB: 3 * gib }, /slabtop/],
  ['mlock', { managedKiB: 8 * gib, unevictableKiB: 3 * gib }, /mlock/],
  [
    'huge pages',
    { managedKiB: 8 * gib, hugePagesKiB: 4 * gib, hugePagesFreeKiB: 3 * gib },
    /4\.0 GiB .* huge pages, 3\.0 GiB of them free/,
  ],
  ['full swap', { swapTotalKiB: 2 * gib, swapFreeKiB: 12 }, /Swap was full: 12 KiB of 2\.0 GiB/],
])('a machine that %s has filled is said to be', (_, memory, words) => {
  expect(advice(nodeKill(memory)).slice(1)).toEqual([expect.stringMatching(words)]);
});

test('memory that is free in pieces too small is no exhausted zone, nor the other way round', () => {
  const trigger = { manual: false, order: 3 };
  const free = { ...normal, freeKiB: 200_000 };
  const told = (zone: NonNullable<NodeMemory['zones']>[number]) =>
    advice(nodeKill({ zones: [zone] }, { trigger })).slice(1);
  expect(told({ ...free, largestFreeOrder: 2 })).toEqual([
    '8 pages in one piece were asked for: NUMA node 0 Normal had 195.3 MiB free, but all of it in smaller pieces.',
  ]);
  expect(told({ ...free, largestFreeOrder: 3 })).toEqual([]);
  expect(told(free)).toEqual([]);
  expect(told({ ...normal, freeKiB: 60_000, largestFreeOrder: 2 })).toEqual([
    expect.stringContaining('No memory was left'),
  ]);
});

test('of very many zones some are told, and the others counted', () => {
  const zones = Array.from({ length: 9 }, (_, node) => ({ ...normal, node, freeKiB: 1 }));
  expect(advice(nodeKill({ zones }))[1]).toMatch(/node 3 Normal \(.*\) and 5 more zones\.$/);
});

test('a victim without a limit, far over its request, and pods without either are told', () => {
  const victim = { pid: 7, name: 'java', anonRssKiB: 3 * gib, oomScoreAdj: 900 };
  const spec = { kind: 'container' as const, containers: 1, requestKiB: gib / 2 };
  const row = { uid: 0, swapKiB: 0, rssKiB: gib };
  const tasks = [7, 8, 9, 10, 11, 12].map((pid) => ({
    ...row,
    pid,
    name: `n${pid}\x1b[2J`,
    oomScoreAdj: pid === 9 ? 0 : 1000,
  }));
  const lines = advice(nodeKill({}, { victim, pod: { uid: 'u', container: 'app', spec }, tasks }));
  expect(lines).toContain(
    'The process alone held 3.0 GiB, 2.5 GiB more than container app requests (512.0 MiB): raise the request to what it uses, for the scheduler fills the node by requests.',
  );
  const bestEffort = lines.find((line) => line.includes('BestEffort'));
  expect(bestEffort).toMatch(/^n8\S* \(8, 1\.0 GiB\), n10.*, n11.* and 1 more had oom_score_adj/);
  expect(lines.join('')).not.toContain('\x1b');
  const { requestKiB: _, ...noRequest } = spec;
  const without = advice(nodeKill({}, { victim, pod: { uid: 'u', spec: noRequest } })).join('\n');
  expect(without).toContain('the container requests no memory');
  // Outside a cluster 1000 is anybody's wish.
  expect(advice(nodeKill({}, { victim, tasks })).join('\n')).not.toContain('BestEffort');
});
