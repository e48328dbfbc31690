import { type MemoryNow, memoryNow, printable } from '@oomwatcher/explain';
import { identify } from '@oomwatcher/oom';
import { atMostEvery } from '../../runtime/at-most-every.js';
import type { MemorySource } from '../../runtime/memory-source.js';
import type { Metric } from './exposition.js';

/** Below this share of its limit a cgroup has no series. */
const closeShare = 0.8;
/** The fullest; a node of a thousand full cgroups must not make a thousand series. */
const maxSeries = 100;
/** A scrape asks for both metrics at once. */
const freshMs = 500;

/** Of the cgroups that are close to their limit: how full they are, and when they will be killed. */
export function memoryMetrics(source: () => MemorySource | undefined): Metric[] {
  const closest = atMostEvery(freshMs, () =>
    (source()?.closeToLimit(closeShare, maxSeries) ?? []).flatMap((run) => memoryNow(run) ?? []),
  );
  const gauge = (
    name: string,
    help: string,
    value: (cgroup: MemoryNow) => number | undefined,
  ): Metric => ({
    name,
    help,
    type: 'gauge',
    labelNames: ['cgroup', 'pod_uid', 'container_id'],
    *samples() {
      for (const cgroup of closest()) {
        const now = value(cgroup);
        if (now === undefined) continue;
        const { pod, container } = identify(cgroup.path);
        yield { labels: [printable(cgroup.path), pod?.uid ?? '', container?.id ?? ''], value: now };
      }
    },
  });
  return [
    gauge(
      'oomwatcher_memory_usage_ratio',
      'Usage of the memory limit, 0 to 1, page cache included. Only of cgroups above 0.8, the 100 fullest.',
      ({ usageKiB, limitKiB }) => (limitKiB === 0 ? undefined : usageKiB / limitKiB),
    ),
    gauge(
      'oomwatcher_memory_working_set_ratio',
      'The same without page cache, which the kernel gives up before it kills.',
      ({ workingSetKiB, limitKiB }) =>
        limitKiB === 0 || workingSetKiB === undefined ? undefined : workingSetKiB / limitKiB,
    ),
    gauge(
      'oomwatcher_memory_time_to_limit_seconds',
      'Until the working set is at the limit if it grows on as it does. Only where it has grown steadily for 90 s at least: ' +
        'not of page cache, a heap that stays as it is, or the saw teeth of a garbage collector.',
      ({ secondsToLimit }) => secondsToLimit,
    ),
  ];
}
