import type { Kill, MemoryRunUp, MemorySample, ProcessSample } from '@oomwatcher/oom';
import { bareKill } from '../../../oom/test/support/kills.js';

/** What is in a cgroup at a moment, by whoever makes it grow; sizes in KiB. */
export interface Contents {
  anonKiB?: number;
  cacheKiB?: number;
  shmemKiB?: number;
  kernelKiB?: number;
  processes?: ProcessSample[];
}

export interface Watched {
  limitKiB: number;
  /** Of the whole series, seconds. */
  seconds: number;
  /** Between two samples, seconds; less where it is nearly full, as the recorder does it. */
  everyS: number;
  /** -1 to 1, from a seed. */
  random: () => number;
}

export const path = '/pod/app';
/** Of the monotonic clock, when the series begins; the recorder has begun at the same time. */
export const beganUs = 5_000_000_000;

/** A generator of numbers from -1 to 1 by a seed (mulberry32). */
export function randomBy(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}

/** What a recorder sees of it: its samples come at intervals that jitter, and more often where the cgroup is nearly full. */
export function watchedRun(
  contents: (seconds: number) => Contents,
  { limitKiB, seconds, everyS, random }: Watched,
): MemoryRunUp {
  const samples: MemorySample[] = [];
  for (let at = 0; at < seconds; ) {
    const sample = sampleOf(contents(at), at, limitKiB);
    samples.push(sample);
    const share = sample.usageKiB / limitKiB;
    at += (share > 0.9 ? Math.min(0.5, everyS) : everyS) * (1 + random() * 0.2);
  }
  return { path, sinceMonotonicUs: beganUs, samples };
}

function sampleOf(contents: Contents, seconds: number, limitKiB: number): MemorySample {
  const { anonKiB = 0, cacheKiB = 0, shmemKiB = 0, kernelKiB = 0, processes } = contents;
  const used = anonKiB + shmemKiB + kernelKiB;
  const kept = Math.max(0, Math.min(cacheKiB, limitKiB - used));
  return {
    monotonicUs: Math.round(beganUs + seconds * 1e6),
    usageKiB: Math.round(Math.min(limitKiB, used + kept)),
    limitKiB,
    anonKiB: Math.round(anonKiB),
    fileKiB: Math.round(kept + shmemKiB),
    shmemKiB: Math.round(shmemKiB),
    kernelKiB: Math.round(kernelKiB),
    ...(processes !== undefined && { processes }),
  };
}

/** A kill at the end of the series, with the kernel's report of the limit. */
export function killAfter(
  run: MemoryRunUp,
  { limitKiB, seconds }: Pick<Watched, 'limitKiB' | 'seconds'>,
  more: Partial<Kill> = {},
): Kill {
  return {
    ...bareKill,
    cgroup: { victim: path, limit: path },
    memory: { usageKiB: limitKiB, limitKiB },
    runUp: { cgroup: run, killMonotonicUs: Math.round(beganUs + seconds * 1e6) },
    ...more,
  };
}

/** The longest time in which nobody looked, from `fromS` on. */
export function longestGapUs({ samples }: MemoryRunUp, fromS = 0): number {
  const times = samples.map(({ monotonicUs }) => monotonicUs);
  return Math.max(
    0,
    ...times.slice(1).flatMap((at, i) => {
      const before = times[i] ?? at;
      return at < beganUs + fromS * 1e6 ? [] : [at - before];
    }),
  );
}
