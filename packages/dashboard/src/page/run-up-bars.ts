import type { RunUpSeries } from '@oomwatcher/explain';
import type { Kill, MemorySample, ProcessSample } from '@oomwatcher/oom';

/** A part of a bar: `of` is a place in `names`, or what no process of it has. */
export interface Part {
  of: number | 'rest' | 'cache';
  fromKiB: number;
  toKiB: number;
}

/** What one sample saw; x is a share of the whole time, 0 to 1. */
export interface Bar {
  from: number;
  to: number;
  limitKiB: number | undefined;
  parts: Part[];
}

export interface Bars {
  bars: Bar[];
  /** Whose parts are shown by themselves: the victim first where it was seen, then those that were the biggest last. */
  processes: { pid: number; name: string; isVictim: boolean }[];
  /** What a bar of full height is. */
  topKiB: number;
}

/** More colours nobody tells apart. */
const maxProcesses = 4;
/** A bar is no wider: beside it nobody looked. */
const maxHalfWidth = 1 / 120;

/** The samples before a kill as bars: of each only what it saw, with nothing drawn between two that are far apart. */
export function runUpBars({ samples, endUs, scaleKiB }: RunUpSeries, victim: Kill['victim']): Bars {
  const beganUs = samples[0]?.monotonicUs ?? endUs;
  const us = Math.max(1, endUs - beganUs);
  const shown = shownProcesses(samples, victim);
  const places = new Map(shown.map((process, i) => [keyOf(process), i]));
  const at = samples.map(({ monotonicUs }) => (monotonicUs - beganUs) / us);
  const bars = samples.map((sample, i): Bar => {
    const x = at[i] ?? 0;
    const half = (other: number | undefined) =>
      Math.min(maxHalfWidth, other === undefined ? maxHalfWidth : Math.abs(other - x) / 2);
    return {
      from: Math.max(0, x - half(at[i - 1])),
      to: Math.min(1, x + half(at[i + 1])),
      limitKiB: sample.limitKiB,
      parts: partsOf(sample, places),
    };
  });
  const most = Math.max(
    ...samples.map(({ usageKiB, limitKiB = 0 }) => Math.max(usageKiB, limitKiB)),
  );
  return {
    bars,
    processes: shown.map((process) => ({
      pid: process.pid,
      name: process.comm,
      isVictim: isVictim(process, victim),
    })),
    topKiB: Math.max(scaleKiB, most),
  };
}

function shownProcesses(samples: readonly MemorySample[], victim: Kill['victim']): ProcessSample[] {
  const last = new Map<string, ProcessSample>();
  for (const { processes = [] } of samples) {
    for (const process of processes) last.set(keyOf(process), process);
  }
  const rank = (process: ProcessSample) =>
    isVictim(process, victim) ? Number.POSITIVE_INFINITY : sizeOf(process);
  return [...last.values()].sort((a, b) => (rank(b) > rank(a) ? 1 : -1)).slice(0, maxProcesses);
}

function partsOf(
  { usageKiB, fileKiB = 0, shmemKiB = 0, processes = [] }: MemorySample,
  places: ReadonlyMap<string, number>,
): Part[] {
  const parts: Part[] = [];
  // What processes share is resident in each of them: together they may have more than is used.
  const add = (of: Part['of'], kib: number) => {
    const fromKiB = parts.at(-1)?.toKiB ?? 0;
    const toKiB = Math.min(usageKiB, fromKiB + Math.max(0, kib));
    if (toKiB > fromKiB) parts.push({ of, fromKiB, toKiB });
  };
  const sizes = new Map(processes.map((process) => [places.get(keyOf(process)), sizeOf(process)]));
  for (const place of places.values()) add(place, sizes.get(place) ?? 0);
  const cacheKiB = Math.max(0, fileKiB - shmemKiB);
  add('rest', usageKiB - cacheKiB - (parts.at(-1)?.toKiB ?? 0));
  add('cache', usageKiB);
  return parts;
}

function keyOf({ pid, startTicks }: ProcessSample): string {
  return `${pid}:${startTicks}`;
}

function sizeOf({ anonRssKiB, shmemRssKiB = 0 }: ProcessSample): number {
  return anonRssKiB + shmemRssKiB;
}

function isVictim({ pid, startTicks }: ProcessSample, victim: Kill['victim']): boolean {
  const isSame = victim?.startTicks === undefined || victim.startTicks === startTicks;
  return pid === victim?.pid && isSame;
}
