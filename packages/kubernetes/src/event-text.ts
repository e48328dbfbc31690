import {
  formatKiB,
  isMuchOf,
  memoryWas,
  printable,
  type RecurrenceCounts,
  reachedLimit,
  recurrenceWords,
  whatToChange,
  whoseLimit,
} from '@oomwatcher/explain';
import type { Kill } from '@oomwatcher/oom';

/** What the API server takes of a message with `eventTime` (bytes), and what kubectl shows well. */
const maxMessageBytes = 1024;

/** How many victims' names a combined event counts one by one. */
const maxNames = 5;

/** How many containers a combined event names, and how much room their names may take of it. */
const maxContainers = 8;
const maxContainersBytes = 400;

/** What client-go's recorder puts before the message of a combined event; people and alerts know it. */
const combinedPrefix = '(combined from similar events): ';

/** How often a name was killed; most often first. */
export interface VictimCount {
  name: string;
  kills: number;
}

/** The containers of a combined event: those with the most kills, and of all that have a name how many they are. */
export interface ContainerCounts {
  named: readonly VictimCount[];
  all: number;
  /** Processes of all these. */
  kills: number;
}

/** Kubelet's words for a system OOM (pkg/kubelet/oom/oom_watcher_linux.go). */
export function nodeMessage({ victim }: Kill): string {
  const process =
    victim === undefined
      ? 'unknown (its line in the kernel log was lost)'
      : `${printable(victim.name)}, pid: ${victim.pid}`;
  return cut(`System OOM encountered, victim process: ${process}`, maxMessageBytes);
}

/** Which process of which container, how much of whose limit; and where there is room, what to change. */
export function podMessage(kill: Kill, recurrence?: RecurrenceCounts): string {
  const often = recurrence === undefined ? '' : `; ${recurrenceWords(recurrence)}`;
  const said = `The kernel's OOM killer killed ${who(kill)}: ${why(kill)}${often}`;
  const change = whatToChange(kill);
  const whole = change === undefined ? said : `${said}. ${printable(change)}`;
  // Half of a sentence is no advice.
  return cut(bytes(whole) > maxMessageBytes ? said : whole, maxMessageBytes);
}

/**
 * @param last the message of the last of these kills
 * @param kills how many; `processes`: more, where some were killed together
 * @param counts of all processes, as many names as wanted; the rest is given as a number
 * @param containers undefined: none is known, or the last message names the only one
 */
export function combinedMessage(
  last: string,
  { count, processes }: { count: number; processes: number },
  counts: readonly VictimCount[],
  containers?: ContainerCounts,
): string {
  const named = counts.slice(0, maxNames);
  const others = processes - named.reduce((sum, { kills: n }) => sum + n, 0);
  const parts = named.map(({ name, kills: n }) => `${printable(name)} ×${n}`);
  if (others > 0) parts.push(`others ×${others}`);
  const all = processes > count ? `, ${processes} processes in all` : '';
  const places = containers === undefined ? '' : `; ${containersPhrase(containers, processes)}`;
  const summary = ` (the last of ${count}${all}: ${parts.join(', ')}${places})`;
  const roomBytes = maxMessageBytes - bytes(combinedPrefix) - bytes(summary);
  return cut(`${combinedPrefix}${cut(last, Math.max(0, roomBytes))}${summary}`, maxMessageBytes);
}

/** Each container, as far as there is room; what is of none, or of one without a known name, is a number. */
function containersPhrase({ named, all, kills }: ContainerCounts, processes: number): string {
  const parts: string[] = [];
  let roomBytes = maxContainersBytes;
  for (const { name, kills: n } of named.slice(0, maxContainers)) {
    const part = `${cut(printable(name), maxContainersBytes)} ×${n}`;
    if (parts.length > 0 && bytes(part) > roomBytes) break;
    roomBytes -= bytes(part);
    parts.push(part);
  }
  const others = all - parts.length;
  const more = others > 0 ? ` and ${others} ${others === 1 ? 'other' : 'others'}` : '';
  const unknown = processes > kills ? `, no known container ×${processes - kills}` : '';
  return `${all === 1 ? 'container' : 'containers'} ${parts.join(', ')}${more}${unknown}`;
}

/** The name by which a victim is counted. */
export function victimName({ victim }: Kill): string {
  return victim?.name ?? 'unknown';
}

function who({ id, victim, pod, container, inner, group }: Kill): string {
  const place = `${containerPhrase(pod?.container, container !== undefined)}${innerPhrase(inner)}`;
  const process =
    victim === undefined
      ? 'a process (its line in the kernel log was lost)'
      : `process ${printable(victim.name)} (pid ${victim.pid}${role(victim.mainProcess)})`;
  return `${process}${place}${together(id, group)}`;
}

/** A group has the id of the kill that was chosen. */
function together(id: string, group: Kill['group']): string {
  if (group === undefined || group.size === 1) return '';
  if (id !== group.id) return `, one of ${group.size} killed together`;
  return `, and ${group.size - 1} ${group.size === 2 ? 'other' : 'others'} with it`;
}

function role(mainProcess: boolean | undefined): string {
  if (mainProcess === undefined) return '';
  return mainProcess ? ", the container's main process" : ", not the container's main process";
}

/** It is called so by whoever runs in the pod. */
function innerPhrase(inner: Kill['inner']): string {
  return inner?.pod === undefined ? '' : ` (pod ${printable(inner.pod.uid)} of a cluster in it)`;
}

/** Never by its id: that is another one after each restart, and no name that anybody gave. */
function containerPhrase(name: string | undefined, isInContainer: boolean): string {
  if (name !== undefined) return ` of container ${printable(name)}`;
  return isInContainer ? ' of a container whose name is not known' : '';
}

function why(kill: Kill): string {
  const { memory, scope, trigger } = kill;
  if (trigger?.manual) return 'somebody asked for it by sysrq-f';
  const whose = printable(whoseLimit(kill));
  if (scope === 'node') return `${whose.replace(/^none: /, '')}${nodePhrase(kill)}`;
  const { usageKiB, limitKiB } = memory ?? {};
  const tmpfs = usageKiB === undefined ? '' : tmpfsPhrase(kill, usageKiB);
  if (reachedLimit(kill) !== undefined) return `${whose}${tmpfs}`;
  if (usageKiB === undefined || limitKiB === undefined) return `limit: ${whose}`;
  return `used ${formatKiB(usageKiB)} of ${formatKiB(limitKiB)}${tmpfs}, ${whose}`;
}

/** What the node's memory was. */
function nodePhrase(kill: Kill): string {
  const was = memoryWas(kill);
  return was === undefined ? '' : ` (the node's memory: ${was})`;
}

/** What nobody looks for in a process: files of an emptyDir with medium Memory, where they are much of the usage. */
function tmpfsPhrase({ memoryStat }: Kill, usageKiB: number): string {
  const shmemKiB = memoryStat?.shmemKiB ?? 0;
  return isMuchOf(usageKiB, shmemKiB)
    ? ` (${formatKiB(shmemKiB)} of it files in tmpfs or shared memory)`
    : '';
}

/** The text, cut between two characters so that it has at most so many bytes of UTF-8. */
function cut(text: string, maxBytes: number): string {
  if (bytes(text) <= maxBytes) return text;
  const mark = '…';
  const room = maxBytes - bytes(mark);
  if (room < 0) return '';
  let used = 0;
  let kept = '';
  for (const character of text) {
    used += bytes(character);
    if (used > room) break;
    kept += character;
  }
  return kept + mark;
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}
