import type { Kill } from '@oomwatcher/oom';
import type { Words } from './english.js';
import { runUpFacts } from './run-up-facts.js';
import { runUpSeries } from './run-up-series.js';
import { formatKiB, formatRate } from './sizes.js';

const minuteUs = 60e6;

/**
 * By how much to raise a limit. A kill shows what was used up to the limit and never what would have been: the pace before it is
 * all that there is to reckon with, where samples of it are known.
 */
export function howMuch(kill: Kill, { advice, runUp }: Words): string[] {
  const grew = runUpFacts(kill).find((fact) => fact.kind === 'grew');
  // Of another cgroup than the limit's it is the pace of a part.
  if (grew !== undefined && runUpSeries(kill)?.run.path === kill.cgroup?.limit) {
    const { kib, us } = grew;
    const aMinute = formatKiB(Math.round((kib / us) * minuteUs));
    return [advice.howMuchByPace(formatRate(kib, us), runUp.span(us), aMinute)];
  }
  const { usageKiB } = kill.memory ?? {};
  return usageKiB === undefined ? [] : [advice.howMuchUnknown(formatKiB(usageKiB))];
}
