import { formatKiB, printable, whoseLimit } from '@oomwatcher/explain';
import type { JournalledKill } from '@oomwatcher/journal';
import type { Kill } from '@oomwatcher/oom';
import { SeverityNumber } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

type Time = [seconds: number, nanoseconds: number];

const scope = { name: 'oomwatcher' };

/** A kill as an OpenTelemetry log record, under the names of the semantic conventions where they have one. */
export function logRecordOf(
  { kill, recordedMs }: JournalledKill,
  resource: Resource,
): ReadableLogRecord {
  const isNode = kill.scope === 'node';
  return {
    hrTime: timeOf(kill, recordedMs),
    hrTimeObserved: ofMilliseconds(recordedMs),
    severityNumber: isNode ? SeverityNumber.ERROR : SeverityNumber.WARN,
    severityText: isNode ? 'ERROR' : 'WARN',
    eventName: 'oomwatcher.oom_kill',
    body: sentence(kill),
    resource,
    instrumentationScope: scope,
    attributes: attributesOf(kill),
    droppedAttributesCount: 0,
  };
}

function attributesOf(kill: Kill): Record<string, string | number | boolean> {
  const { victim, pod, container, cgroup, memory, group } = kill;
  const attributes: Record<string, string | number | boolean | undefined> = {
    // A record that was taken and not acknowledged is sent again: by this they are one.
    'log.record.uid': kill.id,
    'process.pid': victim?.pid,
    'process.title': victim?.name,
    'process.user.id': victim?.uid,
    'process.linux.cgroup': cgroup?.victim,
    'k8s.namespace.name': pod?.namespace,
    'k8s.pod.name': pod?.name,
    'k8s.pod.uid': pod?.uid,
    'k8s.container.name': pod?.container,
    'container.id': container?.id,
    'container.name': container?.name,
    'container.image.name': container?.image,
    'container.runtime': container?.runtime,
    'oomwatcher.scope': kill.scope,
    'oomwatcher.constraint': kill.constraint,
    'oomwatcher.complete': kill.complete,
    'oomwatcher.main_process': victim?.mainProcess,
    'oomwatcher.cgroup.limit': cgroup?.limit,
    'oomwatcher.memory.usage': bytes(memory?.usageKiB),
    'oomwatcher.memory.limit': bytes(memory?.limitKiB),
    'oomwatcher.memory.anon_rss': bytes(victim?.anonRssKiB),
    'oomwatcher.oom_score_adj': victim?.oomScoreAdj,
    'oomwatcher.group.id': group?.id,
    'oomwatcher.group.size': group?.size,
  };
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, typeof value === 'string' ? printable(value) : value]],
    ),
  );
}

function sentence(kill: Kill): string {
  const { victim, pod, cgroup, memory } = kill;
  const who =
    victim === undefined ? 'a process whose line was lost' : `${victim.name} (pid ${victim.pid})`;
  const where =
    pod?.name !== undefined
      ? `pod ${pod.namespace}/${pod.name}${pod.container === undefined ? '' : `, container ${pod.container}`}`
      : (cgroup?.victim ?? 'an unknown cgroup');
  const used =
    memory?.usageKiB === undefined || memory.limitKiB === undefined
      ? ''
      : `, ${formatKiB(memory.usageKiB)} used of ${formatKiB(memory.limitKiB)}`;
  return printable(`OOM kill: ${who} in ${where}; limit: ${whoseLimit(kill)}${used}`);
}

function timeOf({ time }: Kill, recordedMs: number): Time {
  if (time === undefined) return ofMilliseconds(recordedMs);
  const [, fraction = ''] = /\.(\d{1,9})Z$/.exec(time) ?? [];
  return [Math.floor(Date.parse(time) / 1000), Number(fraction.padEnd(9, '0'))];
}

function ofMilliseconds(ms: number): Time {
  return [Math.floor(ms / 1000), (ms % 1000) * 1_000_000];
}

function bytes(kib: number | undefined): number | undefined {
  return kib === undefined ? undefined : kib * 1024;
}
