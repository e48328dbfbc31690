import { describe, expect, it } from 'vitest';
import { readCapture } from './support/capture.ts';
import { linesOf, run } from './support/run.ts';

const killsOf = (capture: string) => run(readCapture(capture)).kills;

const zone = (node: number, name: string, freeKiB: number, minKiB: number) =>
  `Node ${node} ${name} free:${freeKiB}kB min:${minKiB}kB low:9kB high:9kB active_anon:8kB inactive_anon:4kB active_file:2kB inactive_file:1kB unevictable:0kB present:900kB managed:800kB mlocked:0kB`;

const global = (order: number, ...figures: string[]) =>
  linesOf(
    `app invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=${order}, oom_score_adj=0`,
    'Mem-Info:',
    ...figures,
    'oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/a/b,task=app,pid=7,uid=0',
    'Out of memory: Killed process 7 (app) total-vm:9000kB, anon-rss:800kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:40kB oom_score_adj:0',
  );

const memoryOf = (...figures: string[]) => run(global(0, ...figures)).kills[0]?.nodeMemory;

describe('what the memory of a machine was that ran out', () => {
  it('is what the report of a real kill says, zone by zone', () => {
    expect(killsOf('6.1.0-56--v1-e-global-pod')[0]?.nodeMemory).toEqual({
      managedKiB: 15_360 + 123_292,
      freeKiB: 864 + 3616,
      anonKiB: 12 + 103_868,
      fileKiB: 0,
      shmemKiB: 3612,
      unevictableKiB: 4240,
      slabKiB: (2245 + 1489) * 4,
      hugePagesKiB: 0,
      hugePagesFreeKiB: 0,
      swapTotalKiB: 0,
      swapFreeKiB: 0,
      zones: [
        {
          node: 0,
          zone: 'DMA',
          freeKiB: 864,
          minKiB: 2216,
          managedKiB: 15_360,
          largestFreeOrder: 6,
        },
        {
          node: 0,
          zone: 'DMA32',
          freeKiB: 3616,
          minKiB: 4116,
          managedKiB: 123_292,
          largestFreeOrder: 8,
        },
      ],
    });
  });

  it('counts pages by their size: 64 KiB here', () => {
    const { nodeMemory } = killsOf('6.12.107-ppc64el-64k--e-global-group')[0]!;
    expect(nodeMemory?.slabKiB).toBe((21 + 327) * 64);
    expect(nodeMemory?.zones?.[0]?.largestFreeOrder).toBe(6);
  });

  it('is that of the nodes that a cpuset or a memory policy allows, without what is printed of all', () => {
    for (const capture of ['5.10.0-32--h-cpuset', '6.1.0-56--h-mempolicy']) {
      const { nodeMemory } = killsOf(capture)[0]!;
      expect(nodeMemory?.zones?.map(({ node }) => node)).toEqual([1]);
      expect(nodeMemory).not.toHaveProperty('slabKiB');
    }
  });

  it('is nobody’s where a limit was hit, though a failed allocation elsewhere prints its own between', () => {
    const kills = run(
      linesOf(
        'app invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0',
        zone(0, 'Normal', 7, 9),
        'memory: usage 8kB, limit 8kB, failcnt 1',
        'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/a,task_memcg=/a,task=app,pid=7,uid=0',
        'Memory cgroup out of memory: Killed process 7 (app) total-vm:9000kB, anon-rss:8kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:4kB oom_score_adj:0',
      ),
    ).kills;
    expect(kills).toHaveLength(1);
    expect(kills[0]).not.toHaveProperty('nodeMemory');
  });

  it('has each zone once, though another thread prints its own in between', () => {
    const twice = memoryOf(zone(0, 'DMA', 5, 9), zone(0, 'Normal', 7, 9), zone(0, 'DMA', 1, 9));
    expect(twice?.freeKiB).toBe(12);
    expect(twice?.anonKiB).toBe(24);
  });

  it('keeps the zones nearest to their minimum of a machine with very many, and no sum that lacks some', () => {
    const many = Array.from({ length: 600 }, (_, n) => zone(n, 'Normal', 1000 - n, 9));
    const memory = memoryOf(...many);
    expect(memory?.zones).toHaveLength(32);
    expect(memory?.zones?.[0]?.node).toBe(480);
    expect(memory).not.toHaveProperty('managedKiB');
    const fewer = memoryOf(...many.slice(0, 40));
    expect(fewer?.zones).toHaveLength(32);
    expect(fewer?.managedKiB).toBe(40 * 800);
  });
});
