import type { LineFamily } from './family.js';

/**
 * What the memory of the cgroup whose limit was hit was, with all below it: the report's statistics, sizes in KiB. They lag
 * behind the usage by some pages a processor (MEMCG_CHARGE_BATCH).
 */
export interface MemoryStat {
  anonKiB?: number;
  /** Page cache. Files in tmpfs and shared memory are in it. */
  fileKiB?: number;
  /** Files in tmpfs, /dev/shm and shared memory: a part of `fileKiB`. */
  shmemKiB?: number;
  /** All memory of the kernel's own: v1, and v2 since 5.18. */
  kernelKiB?: number;
  slabKiB?: number;
  pageTablesKiB?: number;
  /** Buffers of sockets; v2. */
  socketKiB?: number;
  swapKiB?: number;
}

type Figure = keyof MemoryStat;

/** Figures below `Memory cgroup stats for PATH:`, as kernels since 5.3 print them. */
export interface MemoryStatLine {
  type: 'memory-stat';
  figures: MemoryStat;
}

/**
 * Names of memory.stat (mm/memcontrol.c, memory_stats). Kernels 5.3 to 6.4 print them for v1 too; since 6.5 v1 has its own
 * (mm/memcontrol-v1.c), of which those of the subtree begin with `total_` and follow the cgroup's own.
 */
const figureOf: Record<string, Figure> = {
  anon: 'anonKiB',
  file: 'fileKiB',
  shmem: 'shmemKiB',
  kernel: 'kernelKiB',
  slab: 'slabKiB',
  pagetables: 'pageTablesKiB',
  sock: 'socketKiB',
  total_rss: 'anonKiB',
  total_cache: 'fileKiB',
  total_shmem: 'shmemKiB',
  total_swap: 'swapKiB',
};

const line = /^([a-z_]+) (\d{1,16})$/;

export const memoryStatFamily: LineFamily<MemoryStatLine> = {
  type: 'memory-stat',
  parse: parseMemoryStatLine,
  begins: Object.keys(figureOf).map((name) => `${name} `),
  rank: 'detail',
  forgeable: false,
  sample: 'anon 25006080',
};

/** One figure a record since 6.5; before, one record with all of them, which the kernel cuts where it is too long. */
export function parseMemoryStatLine(text: string): MemoryStatLine | undefined {
  const figures: MemoryStat = {};
  const lines = text.includes('\n') ? text.split('\n').slice(0, -1) : [text];
  for (const each of lines) {
    const match = line.exec(each);
    if (match === null) return undefined;
    const figure = figureOf[match[1] as string];
    if (figure !== undefined) figures[figure] = Math.floor(Number(match[2]) / 1024);
  }
  for (const _ in figures) return { type: 'memory-stat', figures };
  return undefined;
}

/** Names of the statistics on one line a cgroup, up to 5.2: of the cgroup alone, without those below it. */
const oldFigureOf: Record<string, Figure> = {
  cache: 'fileKiB',
  rss: 'anonKiB',
  shmem: 'shmemKiB',
  swap: 'swapKiB',
};

/**
 * `: cache:0KB rss:16384KB … unevictable:0KB`, up to 5.2.
 *
 * @returns undefined where the line was cut: `unevictable` is its last figure (mem_cgroup_print_oom_info)
 */
export function parseOldStatistics(text: string): MemoryStat | undefined {
  if (!/ unevictable:\d{1,15}KB *$/.test(text)) return undefined;
  const figures: MemoryStat = {};
  for (const [, name = '', kiB] of text.matchAll(/[ :]([a-z_]+):(\d{1,15})KB/g)) {
    const figure = oldFigureOf[name];
    if (figure !== undefined) figures[figure] = Number(kiB);
  }
  return figures;
}

/** The statistics of a cgroup with those of one below it; undefined where either is not known. */
export function sumOf(
  one: MemoryStat | undefined,
  other: MemoryStat | undefined,
): MemoryStat | undefined {
  if (one === undefined || other === undefined) return undefined;
  const sum: MemoryStat = {};
  for (const name of Object.keys(one) as Figure[]) {
    const [a, b] = [one[name], other[name]];
    if (a !== undefined && b !== undefined) sum[name] = a + b;
  }
  return sum;
}
