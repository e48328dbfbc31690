import type { Metric } from './exposition.js';
import type { KillCounts } from './kill-counts.js';
import type { LastKill } from './last-kill.js';
import { type FamilyName, families } from './series.js';

/** A counter whose values are those of one family of series. `zero`: the series that is there before its first kill. */
export function killCounter(
  counts: KillCounts,
  family: FamilyName,
  { name, help, zero }: { name: string; help: string; zero?: readonly string[] },
): Metric {
  return {
    name,
    help,
    type: 'counter',
    labelNames: labelNamesOf(family),
    *samples() {
      let lacksZero = zero !== undefined;
      for (const { values, kills, firstMs } of counts.of(family)) {
        if (zero?.every((label, at) => label === values[at])) lacksZero = false;
        yield {
          labels: values,
          value: kills,
          ...(firstMs !== undefined && { createdS: firstMs / 1000 }),
        };
      }
      if (zero !== undefined && lacksZero) yield { labels: zero, value: 0 };
    },
  };
}

/** A gauge of the last kill of each series of a family. */
export function lastKillGauge(
  counts: KillCounts,
  family: FamilyName,
  {
    name,
    help,
    value,
  }: { name: string; help: string; value: (last: LastKill) => number | undefined },
): Metric {
  return {
    name,
    help,
    type: 'gauge',
    labelNames: labelNamesOf(family),
    *samples() {
      for (const { values, last } of counts.of(family)) {
        const now = last && value(last);
        if (now !== undefined) yield { labels: values, value: now };
      }
    },
  };
}

function labelNamesOf(family: FamilyName): readonly string[] {
  return families.find(({ name }) => name === family)?.labelNames ?? [];
}

/** The kills under the names and labels that dashboards and alerts for cAdvisor and node-problem-detector ask for. */
export function compatibleMetrics(counts: KillCounts): Metric[] {
  return [
    killCounter(counts, 'containers', {
      name: 'container_oom_events_total',
      help:
        'Count of out of memory events observed for the container: the name and labels of cAdvisor. id is the ' +
        "victim's cgroup; image is not known and empty.",
    }),
    {
      name: 'problem_counter',
      help: 'Number of times a specific type of problem have occurred: the name of node-problem-detector.',
      type: 'counter',
      labelNames: ['reason'],
      samples: () => [{ labels: ['OOMKilling'], value: counts.total }],
    },
  ];
}
