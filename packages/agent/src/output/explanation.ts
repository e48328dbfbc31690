import type { Kill, TaskRow } from '@oomwatcher/oom';
import { advice } from './advice.js';
import { limitOwner } from './limit-owner.js';
import { printable } from './printable.js';
import { formatKiB } from './sizes.js';
import type { Style } from './style.js';

const labelWidth = 11;
const barWidth = 24;

/** A kill in words, for people who read a captured log: who, whose limit, how much, who asked, what to do next. */
export function explain(kill: Kill, style: Style): string {
  const sections: [label: string, lines: string[]][] = [
    ['Killed', killed(kill, style)],
    ['Limit', limit(kill)],
    ['Cgroup', place(kill)],
    ['Asked by', trigger(kill)],
    ['Group', group(kill)],
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
  return [kill.time ?? '', sinceBoot].filter((part) => part !== '').join(', ');
}

function killed({ victim }: Kill, style: Style): string[] {
  if (victim === undefined) return ['a process whose line was lost; a counter tells of it'];
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
  if (victim.anonRssKiB === undefined) return [];
  const parts: [string, number | undefined][] = [
    ['anonymous', victim.anonRssKiB],
    ['file', victim.fileRssKiB],
    ['shared', victim.shmemRssKiB],
  ];
  const known = parts.filter((part): part is [string, number] => part[1] !== undefined);
  const sum = known.reduce((total, [, kib]) => total + kib, 0);
  return [
    `${formatKiB(sum)} resident: ${known.map(([name, kib]) => `${formatKiB(kib)} ${name}`).join(', ')}`,
  ];
}

function limit(kill: Kill): string[] {
  const { memory, cgroup } = kill;
  const lines = [limitOwner(kill)];
  if (cgroup?.limit !== undefined && cgroup.limit !== cgroup.victim)
    lines.push(printable(cgroup.limit));
  if (memory?.usageKiB !== undefined && memory.limitKiB !== undefined) {
    const percent =
      memory.limitKiB === 0 ? '' : ` (${Math.round((memory.usageKiB / memory.limitKiB) * 100)} %)`;
    lines.push(`${formatKiB(memory.usageKiB)} used of ${formatKiB(memory.limitKiB)}${percent}`);
  }
  return lines;
}

function place({ cgroup, container, pod }: Kill): string[] {
  if (cgroup?.victim === undefined) return [];
  const lines = [printable(cgroup.victim)];
  if (pod !== undefined)
    lines.push(`pod ${printable(pod.uid)}${pod.qos === undefined ? '' : `, ${pod.qos}`}`);
  if (container !== undefined) lines.push(`container ${printable(container.id)}`);
  if (cgroup.from === 'proc') lines.push('read from /proc while the process was dying');
  return lines;
}

function trigger({ trigger: asked, victim }: Kill): string[] {
  if (asked === undefined) return [];
  if (asked.manual) return ['somebody at the keyboard or at /proc/sysrq-trigger (sysrq-f)'];
  const itself = asked.pid !== undefined && asked.pid === victim?.pid ? ', the victim itself' : '';
  const pid = asked.pid === undefined ? '' : ` (process ${asked.pid}${itself})`;
  const order =
    asked.order === undefined
      ? ''
      : `, ${2 ** Math.max(0, asked.order)} page${asked.order > 0 ? 's' : ''}`;
  return [`${printable(asked.name ?? 'an unknown process')}${pid}${order}`];
}

function group({ group: incident }: Kill): string[] {
  if (incident === undefined) return [];
  return [
    `one of ${incident.size} processes killed together (memory.oom.group)`,
    ...(incident.cgroup === undefined ? [] : [printable(incident.cgroup)]),
  ];
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
