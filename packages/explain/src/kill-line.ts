import type { Kill } from '@oomwatcher/oom';
import { residentKiB } from './kill-words.js';
import { printable } from './printable.js';
import { formatKiB } from './sizes.js';
import type { Style } from './style.js';

/** One kill as one line for people: when, who, where, how much of which limit. */
export function killLine(kill: Kill, style: Style): string {
  const parts = [
    clockTime(kill),
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

function clockTime(kill: Kill): string {
  if (kill.time !== undefined) {
    const local = new Date(kill.time);
    return `${local.toLocaleTimeString('en-GB', { hour12: false })}.${kill.time.slice(20, 23)}`;
  }
  return kill.monotonicUs === undefined ? '' : `[${(kill.monotonicUs / 1e6).toFixed(6)}]`;
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

/** `pod shop/web, container app, `; empty where the pod's name is not known. */
function podOf({ pod }: Kill): string {
  if (pod?.namespace === undefined || pod.name === undefined) return '';
  const container = pod.container === undefined ? '' : `container ${pod.container}, `;
  return printable(`pod ${pod.namespace}/${pod.name}, ${container}`);
}

function cgroupOf({ cgroup, group }: Kill): string {
  if (cgroup?.victim !== undefined) return printable(cgroup.victim);
  return group?.cgroup === undefined ? 'an unknown cgroup' : `or below ${printable(group.cgroup)}`;
}

function usage({ memory, cgroup, scope, complete }: Kill): string {
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
