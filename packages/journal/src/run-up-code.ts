import type { MemoryRunUp, MemorySample, ProcessSample, RunUp } from '@oomwatcher/oom';
import { isRunUp } from './read-kill.js';

/** What the minutes before one kill may take in the journal. */
export const maxRunUpBytes = 8192;

/** The sizes of a sample, by the key of their column. */
const sizes = {
  u: 'usageKiB',
  m: 'limitKiB',
  a: 'anonKiB',
  f: 'fileKiB',
  h: 'shmemKiB',
  k: 'kernelKiB',
  w: 'swapKiB',
  i: 'inactiveFileKiB',
} as const;

type Column = (number | null)[];

/** A MemoryRunUp in columns, each of differences: most of them are small, or 0. */
interface Columns {
  p: string;
  s: number;
  t: Column;
  /** Processes by identity, as [pid, startTicks, comm]. */
  n?: [number, number, string][];
  /** Of each sample that has processes: its index, then four numbers a process: which of `n`, anon, file, shmem. */
  r?: Column[];
  [size: string]: unknown;
}

/** In at most `maxRunUpBytes`: where it is more the older processes are left out, then older samples. */
export function encodeRunUp(runUp: RunUp): string {
  let short = runUp;
  for (;;) {
    const text = JSON.stringify({
      k: short.killMonotonicUs,
      c: short.cgroup && columnsOf(short.cgroup),
      l: short.limitOwner && columnsOf(short.limitOwner),
    });
    if (Buffer.byteLength(text) <= maxRunUpBytes) return text;
    short = shortened(short);
  }
}

/** @throws when it is none, as a bit of the disk can make it */
export function decodeRunUp(text: string): RunUp {
  const { k, c, l } = JSON.parse(text) as { k?: number; c?: Columns; l?: Columns };
  const runUp = {
    ...(k !== undefined && { killMonotonicUs: k }),
    ...(c !== undefined && { cgroup: fromColumns(c) }),
    ...(l !== undefined && { limitOwner: fromColumns(l) }),
  };
  if (!isRunUp(runUp)) throw new Error('no run-up');
  return runUp;
}

function shortened({ cgroup, limitOwner, ...rest }: RunUp): RunUp {
  const hasProcesses = [cgroup, limitOwner].some((part) =>
    part?.samples.some(({ processes }) => processes !== undefined),
  );
  const shorten = hasProcesses ? withoutOldProcesses : withoutOldSamples;
  return {
    ...rest,
    ...(cgroup !== undefined && { cgroup: shorten(cgroup) }),
    ...(limitOwner !== undefined && { limitOwner: shorten(limitOwner) }),
  };
}

/** A list of processes less for each two. */
function withoutOldProcesses(runUp: MemoryRunUp): MemoryRunUp {
  const listed = runUp.samples.filter(({ processes }) => processes !== undefined);
  const from = listed[Math.ceil(listed.length / 2)];
  return {
    ...runUp,
    samples: runUp.samples.map((sample) => {
      if (from !== undefined && sample.monotonicUs >= from.monotonicUs) return sample;
      const { processes, ...bare } = sample;
      return bare;
    }),
  };
}

function withoutOldSamples(runUp: MemoryRunUp): MemoryRunUp {
  return { ...runUp, samples: runUp.samples.slice(Math.ceil(runUp.samples.length / 4)) };
}

function columnsOf({ path, sinceMonotonicUs, samples }: MemoryRunUp): Columns {
  const columns: Columns = {
    p: path,
    s: sinceMonotonicUs,
    t: differences(
      samples.map(({ monotonicUs }) => monotonicUs),
      sinceMonotonicUs,
    ),
  };
  for (const [key, name] of Object.entries(sizes)) {
    const column = samples.map((sample) => sample[name] ?? null);
    if (column.some((size) => size !== null)) columns[key] = differences(column, 0);
  }
  const identities: [number, number, string][] = [];
  const indexes = new Map<string, number>();
  const lists = samples.flatMap(({ processes }, at) =>
    processes === undefined
      ? []
      : [
          [
            at,
            ...processes.flatMap(({ pid, startTicks, comm, ...rss }) => {
              const identity: [number, number, string] = [pid, startTicks, comm];
              const key = JSON.stringify(identity);
              const index = indexes.get(key) ?? identities.push(identity) - 1;
              indexes.set(key, index);
              return [index, rss.anonRssKiB, rss.fileRssKiB ?? null, rss.shmemRssKiB ?? null];
            }),
          ],
        ],
  );
  return lists.length === 0 ? columns : { ...columns, n: identities, r: lists };
}

function fromColumns(columns: Columns): MemoryRunUp {
  const { p: path, s: sinceMonotonicUs, t, n = [], r = [] } = columns;
  const times = sums(t, sinceMonotonicUs);
  const samples = times.map((monotonicUs) => ({ monotonicUs })) as MemorySample[];
  for (const [key, name] of Object.entries(sizes)) {
    const column = columns[key] as Column | undefined;
    if (column === undefined) continue;
    sums(column, 0).forEach((size, at) => {
      const sample = samples[at];
      if (sample !== undefined && size !== null) sample[name] = size;
    });
  }
  for (const [at, ...flat] of r) {
    const sample = samples[at as number];
    if (sample === undefined || flat.length % 4 !== 0) throw new Error('no processes');
    sample.processes = Array.from({ length: flat.length / 4 }, (_, i) =>
      processOf(n, flat.slice(4 * i, 4 * i + 4)),
    );
  }
  return { path, sinceMonotonicUs, samples };
}

function processOf(
  identities: readonly [number, number, string][],
  [index, anonRssKiB, fileRssKiB, shmemRssKiB]: Column,
): ProcessSample {
  const [pid, startTicks, comm] = identities[index as number] ?? [];
  return {
    pid,
    startTicks,
    comm,
    anonRssKiB,
    ...(fileRssKiB !== null && { fileRssKiB }),
    ...(shmemRssKiB !== null && { shmemRssKiB }),
  } as ProcessSample;
}

/** Each number less the one before it. */
function differences(column: Column, start: number): Column {
  let before = start;
  return column.map((number) => {
    if (number === null) return null;
    const difference = number - before;
    before = number;
    return difference;
  });
}

function sums(column: Column, start: number): Column {
  let sum = start;
  return column.map((difference) => {
    if (difference === null) return null;
    sum += difference;
    return sum;
  });
}
