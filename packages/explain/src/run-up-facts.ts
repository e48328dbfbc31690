import type { Kill } from '@oomwatcher/oom';
import { fallsIn, lastRise, type Point, type Rise } from './last-rise.js';
import { type GrownProcess, processFacts } from './run-up-processes.js';
import { pointsOf, type RunUpSeries, runUpSeries } from './run-up-series.js';

/** One thing that the samples before a kill show. Sizes in KiB, times in microseconds before the kill or as lengths. */
export type RunUpFact =
  /** `of`: what most of the growth was, where the samples tell. */
  | { kind: 'grew'; kib: number; us: number; toKiB: number; of?: 'tmpfs' | 'kernel' }
  /** Within `us`, too quick for the samples to show how. `beforeUs`: how long before the kill that was over; 0: at the kill itself. */
  | { kind: 'jumped'; kib: number; us: number; beforeUs: number }
  | { kind: 'rose-and-fell'; times: number; lowKiB: number; highKiB: number }
  | { kind: 'steady'; us: number; lowKiB: number; highKiB: number }
  | { kind: 'at-limit'; us: number; gaveUpKiB?: number }
  | { kind: 'new-process'; process: GrownProcess; beforeUs: number; others: number }
  | { kind: 'victim-grew'; kib: number; us: number }
  | { kind: 'other-grew'; process: GrownProcess; kib: number; us: number }
  | { kind: 'watched'; us: number };

/** A change of less than this share of the limit is not worth a word. */
const minShare = 0.05;
/** A fall and rise of this share makes a saw tooth. */
const toothShare = 0.2;
/** From this share of the limit on, memory has to be given up for every page. */
const fullShare = 0.98;
const minFullUs = 10e6;
/** A step that is so many times as steep as the rest of a growth is a jump, if it is also most of it. */
const jumpSteepness = 4;
const jumpShare = 0.5;
/** So quick a growth is a jump, however many samples saw a part of it. */
const jumpUs = 2e6;
/** Fewer samples do not show a rate. */
const minSteps = 3;
/** What a recorder keeps; a series that is shorter was not watched longer. */
const wholeUs = 590e6;

/** What the samples before a kill show, most telling first; empty: there are none. */
export function runUpFacts(kill: Kill): RunUpFact[] {
  const series = runUpSeries(kill);
  if (series === undefined) return [];
  const points = pointsOf(series);
  const rise = lastRise(points, series.scaleKiB * (minShare / 2));
  const grew = rise !== undefined && rise.kib >= series.scaleKiB * minShare ? rise : undefined;
  return [
    ...atLimit(series),
    ...shape(points, grew, series),
    ...(grew === undefined ? [] : growth(points, grew, series)),
    ...processFacts(series, kill.victim),
    ...watched(series),
  ];
}

function atLimit({ samples, endUs, scaleKiB }: RunUpSeries): RunUpFact[] {
  const isFull = ({ usageKiB, limitKiB }: (typeof samples)[number]) =>
    limitKiB !== undefined && usageKiB >= limitKiB * fullShare;
  const since = samples.findLastIndex((sample) => !isFull(sample)) + 1;
  const first = samples[since];
  if (first === undefined || endUs - first.monotonicUs < minFullUs) return [];
  const cache = samples
    .slice(since)
    .flatMap(({ fileKiB, shmemKiB = 0 }) => (fileKiB === undefined ? [] : [fileKiB - shmemKiB]));
  const [before = 0] = cache;
  const gaveUpKiB = before - (cache.at(-1) ?? before);
  const isMuch = gaveUpKiB >= scaleKiB * minShare && gaveUpKiB > before / 2;
  const us = endUs - first.monotonicUs;
  return [{ kind: 'at-limit', us, ...(isMuch && { gaveUpKiB }) }];
}

/** What it did when it did not grow: nothing, or up and down. */
function shape(
  points: readonly Point[],
  grew: Rise | undefined,
  { scaleKiB, endUs }: RunUpSeries,
): RunUpFact[] {
  const [first] = points;
  if (first === undefined) return [];
  const sizes = points.slice(0, grew === undefined ? undefined : grew.from + 1);
  const kibs = sizes.map(({ kib }) => kib);
  const [lowKiB, highKiB] = [Math.min(...kibs), Math.max(...kibs)];
  const swing = Math.max(scaleKiB * minShare, (highKiB - lowKiB) * toothShare);
  const times = fallsIn(points, swing);
  if (times >= 2) return [{ kind: 'rose-and-fell', times, lowKiB, highKiB }];
  const us = endUs - first.atUs;
  if (grew !== undefined || points.length < 3 || highKiB - lowKiB > scaleKiB * minShare) return [];
  return [{ kind: 'steady', us, lowKiB, highKiB }];
}

function growth(points: readonly Point[], rise: Rise, series: RunUpSeries): RunUpFact[] {
  const jump = jumpIn(points, rise);
  if (jump === undefined) return [grewFact(points, rise, series)];
  const before = part(points, rise.from, jump.from);
  const after = part(points, jump.to, rise.to);
  const endUs = series.endUs;
  const facts: RunUpFact[] = [before, after]
    .filter(({ kib }) => kib >= series.scaleKiB * minShare)
    .filter((each) => jumpIn(points, each) === undefined)
    .map((each) => grewFact(points, each, series));
  const beforeUs = endUs - (points[jump.to]?.atUs ?? endUs);
  return [{ kind: 'jumped', kib: jump.kib, us: jump.us, beforeUs }, ...facts];
}

/** One step that is most of a growth, and steeper than the rest of it: between two samples nobody saw anything. */
function jumpIn(points: readonly Point[], rise: Rise): Rise | undefined {
  const all = Array.from({ length: rise.to - rise.from }, (_, i) =>
    part(points, rise.from + i, rise.from + i + 1),
  );
  const isFlat = ({ kib, us }: Rise) => (kib / us) * jumpSteepness < rise.kib / rise.us;
  const steps = all.slice(
    all.findIndex((step) => !isFlat(step)),
    all.findLastIndex((step) => !isFlat(step)) + 1,
  );
  const [first = rise] = steps;
  const whole = part(points, first.from, (steps.at(-1) ?? rise).to);
  if (steps.length < minSteps || whole.us < jumpUs) return whole;
  const biggest = steps.reduce((a, b) => (b.kib > a.kib ? b : a));
  const restRate = (whole.kib - biggest.kib) / (whole.us - biggest.us);
  const isSteep = biggest.kib / biggest.us >= jumpSteepness * restRate;
  return isSteep && biggest.kib >= whole.kib * jumpShare ? biggest : undefined;
}

function part(points: readonly Point[], from: number, to: number): Rise {
  const [a, b] = [points[from] as Point, points[to] as Point];
  return { from, to, kib: b.kib - a.kib, us: b.atUs - a.atUs };
}

function grewFact(points: readonly Point[], rise: Rise, { samples }: RunUpSeries): RunUpFact {
  const fromUs = points[rise.from]?.atUs ?? 0;
  const toUs = points[rise.to]?.atUs ?? 0;
  const within = samples.filter(({ monotonicUs: at }) => at >= fromUs && at <= toUs);
  const of = (['shmemKiB', 'kernelKiB'] as const).find((name) => {
    const sizes = within.flatMap((sample) => sample[name] ?? []);
    return (sizes.at(-1) ?? 0) - (sizes[0] ?? 0) > rise.kib / 2;
  });
  return {
    kind: 'grew',
    kib: rise.kib,
    us: rise.us,
    toKiB: points[rise.to]?.kib ?? 0,
    ...(of !== undefined && { of: of === 'shmemKiB' ? 'tmpfs' : 'kernel' }),
  };
}

function watched({ run, endUs }: RunUpSeries): RunUpFact[] {
  const us = endUs - run.sinceMonotonicUs;
  return us < wholeUs ? [{ kind: 'watched', us }] : [];
}
