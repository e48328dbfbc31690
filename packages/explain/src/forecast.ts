import type { MemoryRunUp } from '@oomwatcher/oom';
import { lastRise, type Point, type Rise } from './last-rise.js';
import { workingSetKiB } from './working-set.js';

/** When a cgroup is at its limit, if it goes on as it does. */
export interface Forecast {
  seconds: number;
  kibPerS: number;
  /** Now, without what the kernel would give up before it kills. */
  workingSetKiB: number;
}

/** A share of the limit that is no change: heaps breathe, and statistics lag behind the usage. */
const noiseShare = 0.015;
/** What did not grow for so long and by so much may be a tooth of a garbage collector's saw, or a request. */
const minUs = 90e6;
const minGrowthShare = 0.05;
const minSteps = 5;
/** Each third of the time of a steady growth has at least so much of what would be its share of the growth. */
const minThird = 1 / 3;
/** A growth that has ended lately goes on; longer ago than this share of its time it has ended. */
const endedShare = 0.15;
/** A cgroup that came down before is believed to grow when it has been higher than ever for so long. */
const minBeyondUs = 30e6;

/**
 * How long until the limit is reached at the growth of now; undefined: nothing grows steadily. Page cache does not count, a
 * heap that sits below its limit does not grow, and what has come down from there before is expected to do it again.
 */
export function forecast({ samples }: MemoryRunUp): Forecast | undefined {
  const limitKiB = samples.at(-1)?.limitKiB;
  const points = setsOf(samples);
  const now = points.at(-1);
  if (limitKiB === undefined || limitKiB === 0 || now === undefined) return undefined;
  const rise = lastRise(points, limitKiB * noiseShare);
  if (rise === undefined || !isSteady(points, rise, limitKiB)) return undefined;
  if (fellBefore(points, rise, limitKiB)) return undefined;
  const [first, second] = [growthIn(points, rise, 0, 0.5), growthIn(points, rise, 0.5, 1)];
  const room = Math.max(0, limitKiB - now.kib);
  if (room > stillToCome(first, second)) return undefined;
  const kibPerS = second / (rise.us / 2e6);
  return { seconds: room / kibPerS, kibPerS, workingSetKiB: now.kib };
}

function setsOf(samples: MemoryRunUp['samples']): Point[] {
  const points: Point[] = [];
  for (const sample of samples) {
    const kib = workingSetKiB(sample);
    if (kib === undefined || sample.monotonicUs <= (points.at(-1)?.atUs ?? -1)) continue;
    points.push({ atUs: sample.monotonicUs, kib });
  }
  return points;
}

function isSteady(points: readonly Point[], rise: Rise, limitKiB: number): boolean {
  const sinceUs = (points.at(-1)?.atUs ?? 0) - (points[rise.to]?.atUs ?? 0);
  if (rise.us < minUs || rise.to - rise.from < minSteps || sinceUs > rise.us * endedShare)
    return false;
  if (rise.kib < limitKiB * minGrowthShare) return false;
  return [0, 1, 2].every(
    (third) => growthIn(points, rise, third / 3, (third + 1) / 3) >= (rise.kib / 3) * minThird,
  );
}

/** Whether it has come down from about as much before: then only what is beyond that counts. */
function fellBefore(points: readonly Point[], rise: Rise, limitKiB: number): boolean {
  const noiseKiB = limitKiB * noiseShare;
  const highest = Math.max(...points.slice(0, rise.from + 1).map(({ kib }) => kib));
  if (highest - (points[rise.from]?.kib ?? 0) <= 2 * noiseKiB) return false;
  const beyond = points.slice(rise.from).find(({ kib }) => kib > highest + noiseKiB);
  return beyond === undefined || (points.at(-1)?.atUs ?? 0) - beyond.atUs < minBeyondUs;
}

/** A growth that slows down, as a heap's does while it warms up, has an end of its own: what is left of it. */
function stillToCome(first: number, second: number): number {
  const slower = second / first;
  return slower >= 1 ? Number.POSITIVE_INFINITY : (second * slower) / (1 - slower);
}

/** By how much it grew between two moments of a growth, given as shares of its time. */
function growthIn(points: readonly Point[], rise: Rise, from: number, to: number): number {
  const atUs = (share: number) => (points[rise.from]?.atUs ?? 0) + rise.us * share;
  return sizeAt(points, atUs(to)) - sizeAt(points, atUs(from));
}

/** Between two samples on the line between them: this is an estimate, unlike what is said of the past. */
function sizeAt(points: readonly Point[], atUs: number): number {
  const i = Math.max(
    1,
    points.findIndex((point) => point.atUs >= atUs),
  );
  const [a, b] = [points[i - 1], points[i]];
  if (a === undefined || b === undefined) return points.at(-1)?.kib ?? 0;
  return a.kib + ((b.kib - a.kib) * (atUs - a.atUs)) / (b.atUs - a.atUs);
}
