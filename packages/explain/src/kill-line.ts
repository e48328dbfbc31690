import type { Kill } from '@oomwatcher/oom';
import { clockTime } from './event-time.js';
import { printable } from './printable.js';
import { residentKiB } from './resident.js';
import { formatKiB } from './sizes.js';
import type { Style } from './style.js';

/** One kill as one line for people: when, who, where, how much of which limit. */
export function killLine(kill: Kill, style: Style, time = clockTime(kill)): string {
  const parts = [
    time,
    style('red', 'OOM kill'),
    who(kill, style),
    where(kill),
    usage(kill),
    resident(kill),
  ];
  if (kill.group !== undefined && kill.group.size > 1) {
    parts.push(`one of ${kill.group.size} killed together`);
  }
  return parts.filter((part) => part !== '').join('  ');
}

function who({ victim }: Kill, style: Style): string {
  if (victim === undefined) return 'a process whose line was lost';
  const thread = victim.tid === undefined ? '' : `, thread ${victim.tid}`;
  return `${style('bold', printable(victim.name))} (pid ${victim.pid}${thread})`;
}

function where(kill: Kill): string {
  const place = `in ${podOf(kill)}${cgroupOf(kill)}`;
  return kill.host === undefined ? place : `${place} on ${printable(kill.host)}`;
}

/** `pod shop/web, container app, `; empty where no name is known. */
function podOf({ pod, container: { name } = { id: '' } }: Kill): string {
  if (pod === undefined && name !== undefined) return `container ${printable(name)}, `;
  if (pod?.namespace === undefined || pod.name === undefined) return '';
  const container = pod.container === undefined ? '' : `container ${pod.container}, `;
  return printable(`pod ${pod.namespace}/${pod.name}, ${container}`);
}

function cgroupOf({ cgroup, group }: Kill): string {
  if (cgroup?.victim !== undefined) return printable(cgroup.victim);
  return group?.cgroup === undefined ? 'an unknown cgroup' : `or below ${printable(group.cgroup)}`;
}

function usage({ memory, cgroup, scope, complete, trigger }: Kill): string {
  if (trigger?.manual) return 'asked for by sysrq-f';
  if (memory?.usageKiB !== undefined) {
    const limit = memory.limitKiB === undefined ? 'no limit' : formatKiB(memory.limitKiB);
    const owner =
      cgroup?.limit !== undefined && cgroup.limit !== cgroup.victim
        ? ` of ${printable(cgroup.limit)}`
        : '';
    return `used ${formatKiB(memory.usageKiB)} of ${limit}${owner}`;
  }
  if (scope === 'node') return 'no memory left on the node';
  return complete ? '' : 'usage not in the log';
}

function resident({ victim }: Kill): string {
  const kib = residentKiB(victim);
  return kib === undefined ? '' : `resident ${formatKiB(kib)}`;
}
