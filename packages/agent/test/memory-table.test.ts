import type { CgroupMemory } from '@oomwatcher/dashboard';
import { cellsOf } from '@oomwatcher/explain';
import { expect, test } from 'vitest';
import { hostileName, invisible, plain } from '../../oom/test/support/kills.js';

import { memoryTable, sorted } from '../src/output/memory-table.js';

const mib = 1024;
const leak: CgroupMemory = {
  path: '/kubepods.slice/kubepods-burstable.slice/pod1/app',
  usageKiB: 230 * mib,
  limitKiB: 256 * mib,
  workingSetKiB: 220 * mib,
  growthKiBPerS: 3 * mib,
  secondsToLimit: 12,
  killsToday: 3,
};
const cache: CgroupMemory = {
  path: '/system.slice/backup.service',
  usageKiB: 512 * mib,
  limitKiB: 512 * mib,
  workingSetKiB: 40 * mib,
  growthKiBPerS: -20,
  killsToday: 0,
};
const unknown: CgroupMemory = { path: '/new', usageKiB: 4, limitKiB: 8 };
const all = [leak, cache, unknown];

test('a cgroup is told with its use, what cannot be given up, growth, time and kills', () => {
  expect(memoryTable(all, undefined, plain)).toEqual([
    '         USED/LIMIT   USED  HELD      GROWTH  LIMIT IN  KILLS  CGROUP',
    '230.0 MiB/256.0 MiB   90 %  86 %  +3.0 MiB/s      12 s      3  /kubepods.slice/kubepods-burstable.slice/pod1/app',
    '512.0 MiB/512.0 MiB  100 %   8 %   -20 KiB/s                0  /system.slice/backup.service',
    '        4 KiB/8 KiB   50 %                                     /new',
  ]);
});

test.each([200, 100, 80, 60, 40, 24, 10, 1])('no line is longer than %d cells', (width) => {
  for (const line of memoryTable(all, width, plain))
    expect(cellsOf(line)).toBeLessThanOrEqual(width);
});

test('at 40 columns the time to the limit is still there, and the end of the path', () => {
  expect(memoryTable([leak], 40, plain)[1]).toMatch(/^90 % +12 s .*pod1\/app$/);
});

test('who has a name is called by it', () => {
  const pod = { uid: 'u', namespace: 'shop', name: 'web-0', container: 'app' };
  const lines = memoryTable([{ ...leak, pod }, unknown], undefined, plain);
  expect(lines[1]).toMatch(/ {2}shop\/web-0\/app$/);
  expect(lines[2]).toMatch(/ {2}\/new$/);
});

test('a hostile path is no control character, and takes no line of its own', () => {
  const lines = memoryTable([{ ...leak, path: `/${hostileName}` }], 300, plain);
  expect(lines).toHaveLength(2);
  expect(lines.join('\n')).not.toMatch(invisible);
});

test('who reaches its limit first comes first, then who has least that can be given up', () => {
  const full = { ...cache, path: '/jvm', workingSetKiB: 500 * mib };
  const paths = (order: Parameters<typeof sorted>[1]) =>
    sorted([cache, unknown, full, leak], order).map(({ path }) => path);
  expect(paths('left')).toEqual([leak.path, full.path, unknown.path, cache.path]);
  expect(paths('used')[0]).toBe(full.path);
  expect(paths('growth')).toEqual([leak.path, full.path, cache.path, unknown.path]);
  expect(paths('kills')[0]).toBe(leak.path);
});

test('what reaches its limit within five minutes is red', () => {
  const lines = memoryTable(all, 100, (format, text) => `<${format}>${text}`);
  expect(lines.map((line) => /^<(\w+)>/.exec(line)?.[1])).toEqual([
    'dim',
    'red',
    undefined,
    undefined,
  ]);
});
