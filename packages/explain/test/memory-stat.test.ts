import type { Kill } from '@oomwatcher/oom';
import { expect, test } from 'vitest';
import { bareKill } from '../../oom/test/support/kills.js';
import { advice } from '../src/advice.js';
import { memoryWas, surprisingMemory } from '../src/memory-stat.js';

const ofLimit = (memoryStat: Kill['memoryStat'], more: Partial<Kill> = {}): Kill => ({
  ...bareKill,
  victim: { pid: 7, name: 'dd', anonRssKiB: 900, fileRssKiB: 100 },
  memory: { usageKiB: 32_768, limitKiB: 32_768 },
  ...(memoryStat && { memoryStat }),
  ...more,
});

test('an emptyDir in memory that filled the limit is named, not only the small process that wrote it', () => {
  const kill = ofLimit({ anonKiB: 900, fileKiB: 31_744, shmemKiB: 31_744, kernelKiB: 120 });
  expect(surprisingMemory(kill)).toEqual([
    '31.0 MiB of 32.0 MiB were files in tmpfs or shared memory: an emptyDir with medium Memory and /dev/shm count against the limit, and files there stay until they are deleted, also when their writer is killed.',
  ]);
  expect(memoryWas(kill)).toBe(
    '900 KiB anonymous (heap, stacks), 31.0 MiB of files (31.0 MiB in tmpfs or shared memory), 120 KiB of the kernel',
  );
});

test.each<[string, Kill['memoryStat'], RegExp]>([
  ['page cache', { anonKiB: 900, fileKiB: 30_000, shmemKiB: 8 }, /page cache/],
  [
    'the kernel',
    { anonKiB: 900, kernelKiB: 30_000, slabKiB: 29_000 },
    /kernel's own: 28.3 MiB slab/,
  ],
  ['sockets', { anonKiB: 900, socketKiB: 16_000 }, /buffers of sockets/],
  ['other processes', { anonKiB: 31_000 }, /victim had only 1000 KiB/],
])('a limit that was filled by %s is said to be', (_, stat, words) => {
  expect(surprisingMemory(ofLimit(stat))).toEqual([expect.stringMatching(words)]);
});

test('a leak says nothing of other memory, nor does a report without statistics', () => {
  const victim = { pid: 7, name: 'leak', anonRssKiB: 31_000 };
  expect(surprisingMemory(ofLimit({ anonKiB: 31_100, fileKiB: 200 }, { victim }))).toEqual([]);
  expect(surprisingMemory(ofLimit(undefined))).toEqual([]);
  expect(memoryWas(ofLimit(undefined))).toBeUndefined();
});

test('of a group that was killed whole nobody says that the main process lived on', () => {
  const victim = { pid: 9, name: 'child', mainProcess: false };
  const alone = advice({ ...bareKill, victim }).join('\n');
  const together = advice({ ...bareKill, victim, group: { id: 'b:1', size: 25 } }).join('\n');
  expect(alone).toContain('lived on');
  expect(together).not.toContain('lived on');
  expect(together).toContain('singleProcessOOMKill');
});
