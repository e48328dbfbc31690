import type { Kill, TaskRow } from '@oomwatcher/oom';
import { advice } from './advice.js';
import { curve } from './curve.js';
import { askedBy, groupWords, residentKiB, residentParts, usedOfLimit } from './kill-words.js';
import { memoryWas } from './memory-stat.js';
import { printable } from './printable.js';
import { type RecurrenceCounts, recurrenceWords } from './recurrence.js';
import { runUpWords } from './run-up-words.js';
import { formatKiB } from './sizes.js';
import type { Style } from './style.js';
import { whoseLimit } from './whose-limit.js';

const labelWidth = 11;
const barWidth = 24;

/** A kill in words, for people who read a captured log: who, whose limit, how much, who asked, what to do next. */
export function explain(kill: Kill, style: Style, recurrence?: RecurrenceCounts): string {
  const sections: [label: string, lines: string[]][] = [
    ['Killed', killed(kill, style)],
    ['Limit', limit(kill)],
    ['Cgroup', place(kill)],
    ['How often', recurrence === undefined ? [] : [recurrenceWords(recurrence)]],
    ['Asked by', ifKnown(askedBy(kill))],
    ['Group', group(kill)],
    ['Before', before(kill)],
    ['Processes', bars(kill.tasks ?? [], kill.victim?.pid, style)],
    ['Next', advice(kill)],
  ];
  const lines = [`${style('red', 'OOM kill')}  ${when(kill)}`];
  for (const [label, content] of sections) {
    content.forEach((line, i) => {
      const head = i === 0 ? style('dim', label.padEnd(labelWidth)) : ' '.repeat(labelWidth);
      lines.push(`  ${head}${line}`);
    });
  }
  return lines.join('\n');
}

function when(kill: Kill): string {
  const sinceBoot =
    kill.monotonicUs === undefined ? '' : `${(kill.monotonicUs / 1e6).toFixed(6)} s after boot`;
  const host = kill.host === undefined ? '' : `on ${printable(kill.host)}`;
  return [kill.time ?? '', sinceBoot, host].filter((part) => part !== '').join(', ');
}

function killed({ victim }: Kill, style: Style): string[] {
  if (victim === undefined) return ['a process whose line was lost; a counter reports it'];
  const thread = victim.tid === undefined ? '' : ` (its thread ${victim.tid} was named)`;
  const user = victim.uid === undefined ? '' : `, user ${victim.uid}`;
  const adjustment =
    victim.oomScoreAdj === undefined ? '' : `, oom_score_adj ${victim.oomScoreAdj}`;
  return [
    `${style('bold', printable(victim.name))}, process ${victim.pid}${thread}${user}${adjustment}`,
    ...resident(victim),
  ];
}

function resident(victim: NonNullable<Kill['victim']>): string[] {
  const kib = residentKiB(victim);
  return kib === undefined ? [] : [`${formatKiB(kib)} resident: ${residentParts(victim)}`];
}

function limit(kill: Kill): string[] {
  const { cgroup } = kill;
  const lines = [printable(whoseLimit(kill))];
  if (cgroup?.limit !== undefined && cgroup.limit !== cgroup.victim)
    lines.push(printable(cgroup.limit));
  return [...lines, ...ifKnown(usedOfLimit(kill)), ...ifKnown(memoryWas(kill))];
}

const curveWidth = 80 - 2 - labelWidth;

function before(kill: Kill): string[] {
  const { cgroup, limitOwner } = kill.runUp ?? {};
  const own = limitOwner === undefined ? '' : " (victim's)";
  const lines = runUpWords(kill).map(printable);
  if (limitOwner !== undefined) lines.push(...ifKnown(curve(limitOwner, kill, curveWidth)));
  if (cgroup === undefined) return lines;
  const line = curve(cgroup, kill, curveWidth - own.length);
  return line === undefined ? lines : [...lines, `${line}${own}`];
}

function place({ cgroup, container, pod, inner }: Kill): string[] {
  if (cgroup?.victim === undefined) return [];
  const lines = [printable(cgroup.victim)];
  if (pod !== undefined) {
    const { namespace, name, uid, qos } = pod;
    const known = name === undefined ? uid : `${namespace}/${name}, ${uid}`;
    lines.push(`pod ${printable(known)}${qos === undefined ? '' : `, ${qos}`}`);
  }
  if (container !== undefined) {
    const { name = pod?.container, id, image } = container;
    const words = [name, id, image].filter((word) => word !== undefined);
    lines.push(`container ${printable(words.join(', '))}`);
  }
  if (inner?.pod !== undefined)
    lines.push(`pod ${printable(inner.pod.uid)} of a cluster that runs in it`);
  if (cgroup.from === 'proc') lines.push('read from /proc while the process was dying');
  if (cgroup.from === 'kernel') lines.push('reported by the kernel at the kill itself');
  return lines;
}

function group({ group: incident }: Kill): string[] {
  return incident === undefined ? [] : [groupWords(incident), ...ifKnown(incident.cgroup)];
}

function ifKnown(words: string | undefined): string[] {
  return words === undefined ? [] : [printable(words)];
}

function bars(tasks: readonly TaskRow[], victimPid: number | undefined, style: Style): string[] {
  const biggest = Math.max(1, ...tasks.map((task) => task.rssKiB));
  const pidWidth = Math.max(0, ...tasks.map((task) => String(task.pid).length));
  return tasks.map((task) => {
    const bar = '█'
      .repeat(Math.max(1, Math.round((task.rssKiB / biggest) * barWidth)))
      .padEnd(barWidth);
    const line = `${bar} ${formatKiB(task.rssKiB).padStart(10)}  ${String(task.pid).padStart(pidWidth)} ${printable(task.name)}`;
    return task.pid === victimPid ? style('red', line) : line;
  });
}
