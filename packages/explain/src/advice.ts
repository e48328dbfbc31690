import type { Kill, Scope } from '@oomwatcher/oom';
import { english, type Words } from './english.js';
import { howMuch } from './how-much.js';
import { surprisingMemory } from './memory-stat.js';
import { nodeAdvice } from './node-memory.js';
import { otherPodsAdvice } from './other-pods.js';
import { printable } from './printable.js';
import { residentKiB } from './resident.js';
import { formatKiB } from './sizes.js';
import { isContainersLimit } from './whose-limit.js';

/** What a reader can do next; one sentence a line. */
export function advice(kill: Kill, words: Words = english): string[] {
  if (kill.trigger?.manual) return [words.advice.manual];
  const lines: string[] = [];
  if (wasLowered(kill)) lines.push(lowered(kill, words));
  else lines.push(...byScope(kill, words));
  if (kill.scope === 'node') lines.push(...ofNode(kill, words));
  lines.push(...surprisingMemory(kill, words), ...outlivedBy(kill, words));
  if (!kill.complete) lines.push(whyIncomplete(kill, words));
  return lines;
}

/**
 * The first thing to change about the victim's own pod, container or unit; undefined: the kill shows none. Not about other pods:
 * who reads of this one need not know of them.
 */
export function whatToChange(kill: Kill, words: Words = english): string | undefined {
  if (kill.trigger?.manual) return undefined;
  if (wasLowered(kill)) return lowered(kill, words);
  const ofPod = kill.scope === 'node' ? [missingLimit, ofRequest] : [];
  return [...ofPod, byScope].flatMap((each) => each(kill, words))[0];
}

function byScope(kill: Kill, words: Words): string[] {
  const scope = isContainersLimit(kill) ? 'container' : kill.scope;
  if (scope === undefined) return [];
  const limitKiB = kill.memory?.limitKiB;
  const limit = limitKiB === undefined ? undefined : formatKiB(limitKiB);
  const more = hasOneOwner.has(scope) ? howMuch(kill, words) : [];
  if (isFilledByTmpfs(kill) && hasOneOwner.has(scope)) {
    return [words.advice.lessTmpfs(limit), ...more];
  }
  const resident = residentKiB(kill.victim);
  if (scope === 'node' && isBiggest(kill) && resident !== undefined) {
    return [words.advice.biggest(formatKiB(resident))];
  }
  return [words.advice.byScope[scope](limit, otherThatGrew(kill)), ...more];
}

/** Limits of which it makes sense to say that they be raised. */
const hasOneOwner: ReadonlySet<Scope> = new Set<Scope>(['container', 'service', 'cgroup']);

/** No process has grown then. */
function isFilledByTmpfs({ memory, memoryStat }: Kill): boolean {
  const { usageKiB } = memory ?? {};
  return usageKiB !== undefined && (memoryStat?.shmemKiB ?? 0) > usageKiB / 2;
}

/** What to change first, then what ran out and why it was this process. */
function ofNode(kill: Kill, words: Words): string[] {
  return [
    ...missingLimit(kill, words),
    ...ofRequest(kill, words),
    ...otherPodsAdvice(kill, words),
    ...nodeAdvice(kill, words),
    ...likelyChoice(kill, words),
    ...ofBestEffort(kill, words),
  ];
}

function missingLimit({ pod }: Kill, { advice }: Words): string[] {
  const { kind, limitKiB } = pod?.spec ?? {};
  // An ephemeral container can have none.
  if (kind === undefined || kind === 'ephemeral' || limitKiB !== undefined) return [];
  return [advice.giveLimit(kind, pod?.container)];
}

/** The kernel's points of a process are its size and a share of all memory (oom_badness). */
function likelyChoice(kill: Kill, { advice }: Words): string[] {
  const { oomScoreAdj = 0 } = kill.victim ?? {};
  // Of a cpuset or a memory policy the share is of what these allow.
  if (oomScoreAdj <= 0 || kill.constraint !== 'none' || isBiggest(kill)) return [];
  return [advice.likelyChoice(oomScoreAdj, Math.round(oomScoreAdj / 10))];
}

/** What of the container is over its request is at the least its process. */
function ofRequest({ victim, pod }: Kill, { advice }: Words): string[] {
  const { kind, requestKiB } = pod?.spec ?? {};
  const kib = residentKiB(victim);
  if (kind === undefined || kind === 'ephemeral' || kib === undefined) return [];
  const resident = formatKiB(kib);
  if (requestKiB === undefined) return [advice.noRequest(kind, pod?.container, resident)];
  if (kib <= requestKiB) return [];
  const [request, over] = [formatKiB(requestKiB), formatKiB(kib - requestKiB)];
  return [advice.overRequest(kind, pod?.container, resident, request, over)];
}

/** Processes that are told one by one. */
const maxTold = 3;

/** pkg/kubelet/qos/policy.go; anybody else may set it too, so that it says something on a node with pods only. */
const bestEffortScoreAdj = 1000;

function ofBestEffort({ victim, pod, tasks = [] }: Kill, { advice }: Words): string[] {
  if (pod === undefined) return [];
  const others = tasks.filter(
    ({ pid, oomScoreAdj }) => oomScoreAdj === bestEffortScoreAdj && pid !== victim?.pid,
  );
  if (others.length === 0) return [];
  const told = others
    .slice(0, maxTold)
    .map(({ name, pid, rssKiB }) => advice.bigProcess(printable(name), pid, formatKiB(rssKiB)));
  return [advice.bestEffort(told, others.length - told.length)];
}

/** The process to look at where it is not the victim. */
function otherThatGrew(kill: Kill): number | undefined {
  return isBiggest(kill) ? undefined : kill.tasks?.[0]?.pid;
}

function isBiggest({ tasks, victim }: Kill): boolean {
  return victim !== undefined && tasks?.[0]?.pid === victim.pid;
}

/** Whether the container's main process outlived the kill, so that Kubernetes shows nothing of it. */
function outlivedBy({ victim, group }: Kill, { advice }: Words): string[] {
  if (victim?.mainProcess !== false) return [];
  return [group === undefined ? advice.mainProcessLives : advice.groupDied];
}

/** Memory beyond its limit is charged for a moment only (mm/memcontrol.c, try_charge_memcg), and never much of it. */
const maxBeyondLimit = 1.1;

function wasLowered({ memory, scope }: Kill): boolean {
  const { usageKiB, limitKiB } = memory ?? {};
  if (scope === 'node' || usageKiB === undefined || limitKiB === undefined) return false;
  return usageKiB > limitKiB * maxBeyondLimit && usageKiB - limitKiB > 1024;
}

function lowered({ memory }: Kill, { advice }: Words): string {
  const { usageKiB = 0, limitKiB = 0 } = memory ?? {};
  return advice.lowered(formatKiB(limitKiB), formatKiB(usageKiB));
}

function whyIncomplete(kill: Kill, { incomplete }: Words): string {
  const { missing, trigger, cgroup, tasks, witnessed } = kill;
  if (witnessed) {
    return missing === 'withheld' ? incomplete.witnessedWithheld : incomplete.witnessed;
  }
  if (missing !== undefined) return incomplete.why[missing];
  const hasPart = trigger !== undefined || tasks !== undefined || cgroup?.from === 'log';
  return hasPart ? incomplete.partMissing : incomplete.noReport;
}
