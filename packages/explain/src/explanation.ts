import type { Kill } from '@oomwatcher/oom';
import { advice } from './advice.js';
import { cellsOf } from './cells.js';
import { curve } from './curve.js';
import { english, type Words } from './english.js';
import { askedBy, groupWords, residentParts, usedOfLimit } from './kill-words.js';
import { memoryWas } from './memory-stat.js';
import { otherPodRows, otherPodsTitle } from './other-pods.js';
import { printable } from './printable.js';
import { type RecurrenceCounts, recurrenceWords } from './recurrence.js';
import { residentKiB } from './resident.js';
import { runUpWords } from './run-up-words.js';
import { formatKiB } from './sizes.js';
import type { Style } from './style.js';
import { muchTmpfsKiB } from './tmpfs.js';
import { whoseLimit } from './whose-limit.js';

const labelWidth = 11;
const barWidth = 24;

/** A kill in words, for people who read a captured log: who, whose limit, how much, who asked, what to do next. */
export function explain(
  kill: Kill,
  style: Style,
  recurrence?: RecurrenceCounts,
  words: Words = english,
): string {
  const { labels, title } = words.paragraph;
  const sections: [label: string, lines: string[]][] = [
    [labels.killed, killed(kill, style, words)],
    [labels.limit, limit(kill, words)],
    [labels.cgroup, place(kill, words)],
    [labels.often, recurrence === undefined ? [] : [recurrenceWords(recurrence, words)]],
    [labels.askedBy, ifKnown(askedBy(kill, words))],
    [labels.group, group(kill, words)],
    [labels.before, before(kill, words)],
    [labels.processes, processes(kill, style, words)],
    [labels.pods, pods(kill, words)],
    [labels.next, advice(kill, words)],
  ];
  const lines = [`${style('red', title)}  ${when(kill, words)}`];
  for (const [label, content] of sections) {
    content.forEach((line, i) => {
      const head = i === 0 ? style('dim', padded(label)) : ' '.repeat(labelWidth);
      lines.push(`  ${head}${line}`);
    });
  }
  return lines.join('\n');
}

function padded(label: string): string {
  return label + ' '.repeat(Math.max(1, labelWidth - cellsOf(label)));
}

function when({ time, localTime, monotonicUs, host }: Kill, { paragraph, comma }: Words): string {
  const sinceBoot =
    monotonicUs === undefined ? '' : paragraph.sinceBoot((monotonicUs / 1e6).toFixed(6));
  const on = host === undefined ? '' : paragraph.onHost(printable(host));
  const date = time ?? (localTime === undefined ? '' : paragraph.localTime(printable(localTime)));
  return [date, sinceBoot, on].filter((part) => part !== '').join(comma);
}

function killed({ victim }: Kill, style: Style, words: Words): string[] {
  const { paragraph, comma } = words;
  if (victim === undefined) return [paragraph.noVictim];
  const { name, pid, tid, uid, oomScoreAdj } = victim;
  const facts = [
    paragraph.process(pid),
    tid === undefined ? '' : paragraph.thread(tid),
    uid === undefined ? '' : paragraph.user(uid),
    oomScoreAdj === undefined ? '' : `${comma}oom_score_adj ${oomScoreAdj}`,
  ];
  return [`${style('bold', printable(name))}${facts.join('')}`, ...resident(victim, words)];
}

function resident(victim: NonNullable<Kill['victim']>, words: Words): string[] {
  const kib = residentKiB(victim);
  if (kib === undefined) return [];
  return [words.paragraph.resident(formatKiB(kib), residentParts(victim, words))];
}

function limit(kill: Kill, words: Words): string[] {
  const { cgroup } = kill;
  const lines = [printable(whoseLimit(kill, words))];
  if (cgroup?.limit !== undefined && cgroup.limit !== cgroup.victim)
    lines.push(printable(cgroup.limit));
  return [...lines, ...ifKnown(usedOfLimit(kill, words)), ...ifKnown(memoryWas(kill, words))];
}

const curveWidth = 80 - 2 - labelWidth;

function before(kill: Kill, words: Words): string[] {
  const { cgroup, limitOwner } = kill.runUp ?? {};
  const own = limitOwner === undefined ? '' : words.runUp.ofVictim;
  const lines = runUpWords(kill, words).map(printable);
  if (limitOwner !== undefined) lines.push(...ifKnown(curve(limitOwner, kill, curveWidth, words)));
  if (cgroup === undefined) return lines;
  const line = curve(cgroup, kill, curveWidth - cellsOf(own), words);
  return line === undefined ? lines : [...lines, `${line}${own}`];
}

function place({ cgroup, container, pod, inner }: Kill, { paragraph, comma }: Words): string[] {
  if (cgroup?.victim === undefined) return [];
  const lines = [printable(cgroup.victim)];
  if (pod !== undefined) {
    const { namespace, name, uid, qos } = pod;
    const known = name === undefined ? uid : `${namespace}/${name}${comma}${uid}`;
    lines.push(paragraph.pod(printable(known), qos));
  }
  if (container !== undefined) {
    const { name = pod?.container, id, image } = container;
    const known = [name, id, image].filter((word) => word !== undefined);
    lines.push(paragraph.container(printable(known.join(comma))));
  }
  if (inner?.pod !== undefined) lines.push(paragraph.innerPod(printable(inner.pod.uid)));
  if (cgroup.from === 'proc') lines.push(paragraph.fromProc);
  if (cgroup.from === 'kernel') lines.push(paragraph.fromKernel);
  return lines;
}

function group({ group: incident }: Kill, words: Words): string[] {
  return incident === undefined ? [] : [groupWords(incident, words), ...ifKnown(incident.cgroup)];
}

function ifKnown(words: string | undefined): string[] {
  return words === undefined ? [] : [printable(words)];
}

function processes(kill: Kill, style: Style, { tmpfsFiles }: Words): string[] {
  const { tasks = [], victim } = kill;
  if (tasks.length === 0) return [];
  const pidWidth = Math.max(...tasks.map((task) => String(task.pid).length));
  const rows = tasks.map(({ rssKiB, pid, name }) => ({
    kib: rssKiB,
    what: `${String(pid).padStart(pidWidth)} ${printable(name)}`,
    isVictim: pid === victim?.pid,
  }));
  const tmpfsKiB = muchTmpfsKiB(kill);
  if (tmpfsKiB !== undefined) {
    const what = `${' '.repeat(pidWidth)} ${tmpfsFiles}`;
    rows.push({ kib: tmpfsKiB, what, isVictim: false });
    rows.sort((a, b) => b.kib - a.kib);
  }
  return bars(rows).map((line, i) => (rows[i]?.isVictim ? style('red', line) : line));
}

function pods(kill: Kill, words: Words): string[] {
  const rows = otherPodRows(kill, words).map(({ name, heldKiB, about }) => ({
    kib: heldKiB,
    what: printable(`${name}${words.comma}${about}`),
  }));
  return [...ifKnown(otherPodsTitle(kill, words)), ...bars(rows)];
}

function bars(rows: readonly { kib: number; what: string }[]): string[] {
  const biggest = Math.max(1, ...rows.map(({ kib }) => kib));
  return rows.map(({ kib, what }) => {
    const bar = '█'.repeat(Math.max(1, Math.round((kib / biggest) * barWidth))).padEnd(barWidth);
    return `${bar} ${formatKiB(kib).padStart(10)}  ${what}`;
  });
}
