import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseMemoryStatLine, parseOldStatistics } from '../src/lines/memory-stat-lines.js';
import { readCapture } from './support/capture.ts';
import { linesOf, run } from './support/run.ts';

const report = (...statistics: string[]) =>
  linesOf(
    'app invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0',
    'memory: usage 32768kB, limit 32768kB, failcnt 19',
    'memory+swap: usage 32768kB, limit 9007199254740988kB, failcnt 0',
    'kmem: usage 700kB, limit 9007199254740988kB, failcnt 0',
    ...statistics,
    'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/a,task_memcg=/a/b,task=app,pid=7,uid=0',
    'Memory cgroup out of memory: Killed process 7 (app) total-vm:9000kB, anon-rss:800kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:40kB oom_score_adj:0',
  );

const statOf = (...statistics: string[]) => run(report(...statistics)).kills[0]?.memoryStat;

const old = (path: string, cache: number, rss: number, shmem: number) =>
  `Memory cgroup stats for ${path}: cache:${cache}KB rss:${rss}KB rss_huge:0KB shmem:${shmem}KB mapped_file:0KB dirty:0KB writeback:0KB swap:0KB inactive_anon:0KB active_anon:${rss}KB inactive_file:0KB active_file:0KB unevictable:0KB`;

describe('what the memory was', () => {
  it('is summed up over the subtree where each cgroup has a line of its own', () => {
    expect(statOf(old('/a', 8, 0, 4), old('/a/b', 31_000, 900, 30_996))).toEqual({
      kernelKiB: 700,
      fileKiB: 31_008,
      anonKiB: 900,
      shmemKiB: 31_000,
      swapKiB: 0,
    });
  });

  it('is not said where one of these lines was cut', () => {
    const cut = (line: string) => line.slice(0, 120);
    const [limits, inner] = [old('/a', 8, 0, 4), old('/a/b', 31_000, 900, 30_996)];
    expect(statOf(limits, cut(inner))).toEqual({ kernelKiB: 700 });
    expect(statOf(cut(limits), inner)).toEqual({ kernelKiB: 700 });
  });

  it('is the subtree’s where the kernel prints the cgroup’s own before it', () => {
    const own = ['cache 0', 'rss 4096', 'shmem 0', 'swap 0'];
    const all = ['total_cache 31457280', 'total_rss 819200', 'total_shmem 31453184'];
    expect(statOf('Memory cgroup stats for /a:', ...own, ...all)).toEqual({
      kernelKiB: 700,
      fileKiB: 30_720,
      anonKiB: 800,
      shmemKiB: 30_716,
    });
  });

  it('is read of one record with every figure but the last, which the kernel may have cut', () => {
    expect(parseMemoryStatLine('anon 2048\nfile 10240\nshmem 4096\nslab 12')).toEqual({
      type: 'memory-stat',
      figures: { anonKiB: 2, fileKiB: 10, shmemKiB: 4 },
    });
  });

  it.each([
    'anon',
    'anon 12 of',
    'file 1 2\nx',
    'kernel panic 1',
    'sock -1',
    'slab 99999999999999999',
  ])('%j is no figure', (text) => {
    expect(parseMemoryStatLine(text)).toBeUndefined();
  });

  it('is not taken of a line that has no statistics before it', () => {
    expect(statOf('anon 4096', 'file 4096')).toEqual({ kernelKiB: 700 });
    expect(parseOldStatistics(': cache:0KB rss:1')).toBeUndefined();
  });
});

const captures = readdirSync(new URL('fixtures', import.meta.url))
  .filter((name) => name.endsWith('.kmsg'))
  .map((name) => name.slice(0, -'.kmsg'.length));

it('what the memory was fits the usage in every capture', () => {
  let told = 0;
  for (const name of captures) {
    for (const { memory, memoryStat, scope } of run(readCapture(name)).kills) {
      if (memoryStat === undefined) continue;
      told++;
      expect(scope, name).not.toBe('node');
      const { anonKiB = 0, fileKiB = 0, shmemKiB = 0, kernelKiB = 0, slabKiB = 0 } = memoryStat;
      expect(shmemKiB, name).toBeLessThanOrEqual(fileKiB);
      if (memoryStat.kernelKiB !== undefined) expect(slabKiB, name).toBeLessThanOrEqual(kernelKiB);
      // Statistics lag behind by some pages a processor.
      expect(anonKiB + fileKiB, name).toBeLessThanOrEqual((memory?.usageKiB ?? 0) + 1024);
    }
  }
  expect(told).toBeGreaterThan(100);
});
