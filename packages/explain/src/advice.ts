import type { Kill, Scope } from '@oomwatcher/oom';
import { surprisingMemory } from './memory-stat.js';
import { formatKiB } from './sizes.js';
import { isContainersLimit } from './whose-limit.js';

/** What a reader can do next; one sentence a line. */
export function advice(kill: Kill): string[] {
  if (kill.trigger?.manual) return ['Nothing ran out: the kill was asked for.'];
  const lines: string[] = [];
  if (wasLowered(kill)) lines.push(lowered(kill));
  else if (isContainersLimit(kill)) lines.push(...byScope.container(kill));
  else if (kill.scope !== undefined) lines.push(...byScope[kill.scope](kill));
  lines.push(...surprisingMemory(kill), ...outlivedBy(kill));
  if (!kill.complete) lines.push(whyIncomplete(kill));
  return lines;
}

/** Whether the container's main process outlived the kill, so that Kubernetes shows nothing of it. */
function outlivedBy({ victim, group }: Kill): string[] {
  if (victim?.mainProcess !== false) return [];
  if (group !== undefined) {
    return [
      'All processes of the group were killed with it: kubelet sets memory.oom.group for each container since 1.28, unless its singleProcessOOMKill is true.',
    ];
  }
  return ["The container's main process lived on, so Kubernetes shows no OOMKilled for this kill."];
}

/** Memory beyond its limit is charged for a moment only (mm/memcontrol.c, try_charge_memcg), and never much of it. */
const maxBeyondLimit = 1.1;

function wasLowered({ memory, scope }: Kill): boolean {
  const { usageKiB, limitKiB } = memory ?? {};
  if (scope === 'node' || usageKiB === undefined || limitKiB === undefined) return false;
  return usageKiB > limitKiB * maxBeyondLimit && usageKiB - limitKiB > 1024;
}

function lowered({ memory }: Kill): string {
  const { usageKiB = 0, limitKiB = 0 } = memory ?? {};
  return `The limit was lowered to ${formatKiB(limitKiB)} while ${formatKiB(usageKiB)} were in use: raise it again, or free memory before it is lowered.`;
}

function whyIncomplete({ missing, trigger, cgroup, tasks, witnessed }: Kill): string {
  if (witnessed) {
    const why =
      missing === 'withheld' ? 'The kernel withheld the report' : 'The log has no report of it';
    return `${why}; what is known was read at the kill itself.`;
  }
  switch (missing) {
    case 'withheld':
      return 'The kernel withheld the report: it prints ten reports in 5 s for the whole machine.';
    case 'lost':
      return 'Part of the report is missing: lines of the log were lost.';
    case 'cut':
      return 'Part of the report is missing from the log, which reports no loss: whatever saved it left lines out.';
    case 'kill-line':
      return "The log has no kill line: the report proves the kill, the process's sizes are not known.";
    default: {
      const hasPart = trigger !== undefined || tasks !== undefined || cgroup?.from === 'log';
      return hasPart
        ? 'Part of the report is missing from the log.'
        : 'The log has no report of this kill: the kernel prints ten reports in 5 s for the whole machine, or its lines were lost or left out.';
    }
  }
}

const byScope: Record<Scope, (kill: Kill) => string[]> = {
  container: (kill) => [
    `Raise the container's memory limit${now(kill)}, or find what made ${whoGrew(kill)} grow.`,
  ],
  pod: (kill) => [
    `Compare the pod's containers: together they reached the pod's limit${now(kill)}; the biggest need not be the one killed.`,
  ],
  qos: (kill) => [
    `All pods of this class together reached their limit${now(kill)}: move pods, or set requests.`,
  ],
  kubepods: (kill) => [
    `All pods together reached the node's allocatable memory${now(kill)}: check requests against usage on this node.`,
  ],
  service: (kill) => [
    `Raise MemoryMax= of the unit${now(kill)}, or find what made ${whoGrew(kill)} grow.`,
  ],
  slice: (kill) => [
    `The units in the slice together reached its limit${now(kill)}: see systemd-cgtop for their shares.`,
  ],
  cgroup: (kill) => [
    `Raise the cgroup's limit${now(kill)}, or find what made ${whoGrew(kill)} grow.`,
  ],
  node: () => [
    'The kernel chose by size and oom_score_adj, not by fault: look at the biggest processes, then at limits that are missing.',
  ],
};

function now({ memory }: Kill): string {
  return memory?.limitKiB === undefined ? '' : ` (${formatKiB(memory.limitKiB)} at the time)`;
}

function whoGrew({ tasks, victim }: Kill): string {
  const biggest = tasks?.[0];
  return biggest === undefined || biggest.pid === victim?.pid
    ? 'it'
    : `the biggest process (${biggest.pid})`;
}
