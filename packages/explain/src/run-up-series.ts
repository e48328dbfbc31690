import type { Kill, MemoryRunUp, MemorySample } from '@oomwatcher/oom';
import type { Point } from './last-rise.js';
import { workingSetKiB } from './working-set.js';

/** The samples of the cgroup whose limit was hit, or else of the victim's, up to the kill. */
export interface RunUpSeries {
  run: MemoryRunUp;
  /** The last is the kernel's own report, where the kill has one of this cgroup. */
  samples: readonly MemorySample[];
  /** When the kill was; where nobody knows, when the last sample was. */
  endUs: number;
  /** false: the end is the last sample, and the kill came at some time after it. */
  endsWithKill: boolean;
  /** The limit, or where there is none the most that was used: what a growth is compared with. */
  scaleKiB: number;
}

/** undefined: nobody has watched these cgroups before the kill. */
export function runUpSeries(kill: Kill): RunUpSeries | undefined {
  const run = kill.runUp?.limitOwner ?? kill.runUp?.cgroup;
  return run === undefined ? undefined : seriesOf(run, kill);
}

/** The samples of one cgroup of the kill's. */
export function seriesOf(run: MemoryRunUp, kill: Kill): RunUpSeries | undefined {
  const killUs = kill.runUp?.killMonotonicUs;
  const samples: MemorySample[] = [];
  for (const sample of run.samples) {
    const atUs = sample.monotonicUs;
    if (atUs <= (samples.at(-1)?.monotonicUs ?? -1)) continue;
    if (killUs === undefined || atUs <= killUs) samples.push(sample);
  }
  const report = killUs === undefined ? undefined : reportSample(kill, run, killUs);
  const last = samples.at(-1);
  if (report !== undefined && last !== undefined && report.monotonicUs > last.monotonicUs) {
    samples.push(report);
  }
  if (last === undefined) return undefined;
  const limitKiB = samples.at(-1)?.limitKiB ?? last.limitKiB;
  return {
    run,
    samples,
    endUs: killUs ?? last.monotonicUs,
    endsWithKill: killUs !== undefined,
    scaleKiB: Math.max(1, limitKiB ?? Math.max(...samples.map(({ usageKiB }) => usageKiB))),
  };
}

/** What the kernel reported of the limit at the kill, as one more sample. */
function reportSample(
  { scope, memory, memoryStat, cgroup }: Kill,
  { path }: MemoryRunUp,
  monotonicUs: number,
): MemorySample | undefined {
  if (scope === 'node' || memory?.usageKiB === undefined || cgroup?.limit !== path) {
    return undefined;
  }
  const { anonKiB, fileKiB, shmemKiB, kernelKiB, swapKiB } = memoryStat ?? {};
  return {
    monotonicUs,
    usageKiB: memory.usageKiB,
    ...(memory.limitKiB !== undefined && { limitKiB: memory.limitKiB }),
    ...(anonKiB !== undefined && { anonKiB }),
    ...(fileKiB !== undefined && { fileKiB }),
    ...(shmemKiB !== undefined && { shmemKiB }),
    ...(kernelKiB !== undefined && { kernelKiB }),
    ...(swapKiB !== undefined && { swapKiB }),
  };
}

/** Below this share of the scale, page cache changes nothing of what is said. */
const littleCache = 0.1;

/**
 * How the memory went that cannot be given up; where samples do not tell that, the usage. A report without statistics counts
 * with its usage where there was hardly any page cache before it.
 */
export function pointsOf({ samples, scaleKiB }: RunUpSeries): Point[] {
  const sets = samples.map(workingSetKiB);
  if (sets.slice(0, -1).includes(undefined)) {
    return samples.map(({ monotonicUs, usageKiB }) => ({ atUs: monotonicUs, kib: usageKiB }));
  }
  const points = samples.flatMap(({ monotonicUs }, i) => {
    const kib = sets[i];
    return kib === undefined ? [] : [{ atUs: monotonicUs, kib }];
  });
  const [before, last] = samples.slice(-2);
  if (points.length < samples.length && before !== undefined && last !== undefined) {
    const cacheKiB = before.usageKiB - (workingSetKiB(before) ?? 0);
    if (cacheKiB < scaleKiB * littleCache) {
      points.push({ atUs: last.monotonicUs, kib: last.usageKiB });
    }
  }
  return points;
}
