import type { MemoryRunUp } from '@oomwatcher/oom';
import { forecast } from './forecast.js';
import { workingSetKiB } from './working-set.js';

/** How a cgroup that has a limit is now; sizes in KiB. What is not known is absent. */
export interface MemoryNow {
  path: string;
  usageKiB: number;
  limitKiB: number;
  /** Without what the kernel gives up before it kills. */
  workingSetKiB?: number;
  /** Of the working set, in the last minute; negative: it shrinks. */
  growthKiBPerS?: number;
  /** Until the limit is reached, where it grows steadily. */
  secondsToLimit?: number;
}

const lastMinuteUs = 60e6;
/** A rate needs a time that is long beside the lag of statistics. */
const minUs = 5e6;

/** undefined: the cgroup has no limit, or was never read. */
export function memoryNow(run: MemoryRunUp): MemoryNow | undefined {
  const last = run.samples.at(-1);
  if (last?.limitKiB === undefined) return undefined;
  const workingSet = workingSetKiB(last);
  const growth = growthOf(run);
  const seconds = forecast(run)?.seconds;
  return {
    path: run.path,
    usageKiB: last.usageKiB,
    limitKiB: last.limitKiB,
    ...(workingSet !== undefined && { workingSetKiB: workingSet }),
    ...(growth !== undefined && { growthKiBPerS: Math.round(growth) }),
    ...(seconds !== undefined && { secondsToLimit: Math.round(seconds) }),
  };
}

function growthOf({ samples }: MemoryRunUp): number | undefined {
  const last = samples.at(-1);
  const first = samples.find(
    ({ monotonicUs }) => monotonicUs >= (last?.monotonicUs ?? 0) - lastMinuteUs,
  );
  if (first === undefined || last === undefined) return undefined;
  const [before, now] = [workingSetKiB(first), workingSetKiB(last)];
  const us = last.monotonicUs - first.monotonicUs;
  if (before === undefined || now === undefined || us < minUs) return undefined;
  return ((now - before) / us) * 1e6;
}
