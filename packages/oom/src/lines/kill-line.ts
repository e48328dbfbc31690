import type { LineFamily } from './family.js';
import { optional, unsigned32 } from './figures.js';

/** What stands before a kill: whose memory ran out. Kernels before 5.1 print it on the `Kill process` line instead. */
export type OomMessage = 'Out of memory' | 'Memory cgroup out of memory';

/** `Memory cgroup out of memory: Killed process 9172 (app) total-vm:207144kB, …`: a process was killed. */
export interface KillLine {
  type: 'kill';
  message: OomMessage | undefined;
  /** May be a thread's id: the kernel names a thread that still has the memory. */
  pid: number;
  comm: string;
  uid: number | undefined;
  /** Up to 2.6.31 the line has no figures, and a pager cuts them. */
  totalVmKiB: number | undefined;
  anonRssKiB: number | undefined;
  fileRssKiB: number | undefined;
  shmemRssKiB: number | undefined;
  pageTablesKiB: number | undefined;
  oomScoreAdj: number | undefined;
}

/** `…: Kill process 29 (java) score 2011 or sacrifice child` (2.6 to 5.0): somebody will die, perhaps a child of it. */
export interface AnnounceLine {
  type: 'announce';
  message: OomMessage;
  pid: number;
  comm: string;
}

/** `Kill process 30 (java) sharing same memory` (3.10 to 4.2): killed beside the victim, for its memory is the same. */
export interface SharerLine {
  type: 'sharer';
  pid: number;
  comm: string;
}

const message = String.raw`(?:(Out of [mM]emory|Memory cgroup out of memory)(?: \(oom_kill_allocating_task\))?: )`;

/**
 * Anchored at both ends. The numeric tail is longer than the 15 bytes of a name, so a name that imitates it
 * (`) total-vm:1kB,`) cannot end the match early. Fields that later kernels may append are accepted; no comma can be part of one, or the
 * ways to split them would double with each. RHEL 6 prints the uid before the name, RHEL 7 after it.
 */
const killed = new RegExp(
  `^${message}?` +
    String.raw`Killed process (\d{1,10})(?:, UID (-?\d{1,10}),)? \(([\s\S]{0,15})\)(?:, UID (-?\d{1,10}),)? ` +
    String.raw`(?:total-vm|vsz):(\d{1,15})kB, anon-rss:(\d{1,15})kB, file-rss:(\d{1,15})kB(?:, shmem-rss:(\d{1,15})kB)?` +
    String.raw`(?:, UID:(-?\d{1,10}))?(?: pgtables:(\d{1,15})kB)?(?: oom_score_adj:(-?\d{1,5}))?(?:,? (?!pgtables:|oom_score_adj:)[a-z_-]+:[^\s,]+)* *$`,
);

/**
 * With words after it: markup, or the fields of a record that quotes it. No name is long enough for all that is asked here, and a
 * figure counts only where something marks its end: a pager cuts `UID:10` out of `UID:1000`.
 */
const killedThenWords = new RegExp(
  `^${message}?` +
    String.raw`Killed process (\d{1,10})(?:, UID (-?\d{1,10}),)? \(([\s\S]{0,15})\)(?:, UID (-?\d{1,10}),)? ` +
    String.raw`(?:total-vm|vsz):(\d{1,15})kB, anon-rss:(\d{1,15})kB, file-rss:(\d{1,15})kB(?:, shmem-rss:(\d{1,15})kB)?` +
    String.raw`(?:, UID:(-?\d{1,10})(?=[\s}\])"'\`<|;,]))?(?: pgtables:(\d{1,15})kB)?(?: oom_score_adj:(-?\d{1,5})(?=[\s}\])"'\`<|;,]))?` +
    String.raw`[\s\S]{0,200}$`,
);

/** Without figures (`Out of Memory: Killed process 28803 (vmware).`, 2.4 and 2.6), or with as many as a pager left. */
const killedInShort = new RegExp(
  `^${message}?` +
    String.raw`Killed process (\d{1,10})(?:, UID (-?\d{1,10}),)? \(([\s\S]{0,15})\)(?:, UID (-?\d{1,10}),)?` +
    String.raw`(?:\.? *$| (?:total-vm|vsz):(?:(\d{1,15})kB(?:, anon-rss:(\d{1,15})kB(?:, file-rss:(\d{1,15})kB)?)?)?[\s\S]{0,80}$)`,
);

/** OpenVZ, whose container's limit it was: `Out of memory in UB 101: OOM killed process 7 (a) score 0 vm:9kB, rss:8kB, …`. */
const killedInUb =
  /^(?:Out of memory in UB \S{1,40}: )?OOM killed process (\d{1,10}) \(([\s\S]{0,15})\) (?:score \d+ )?vm:(\d{1,15})kB, rss:(?:\d{1,15})kB/;

const announced = new RegExp(
  `^${message}` +
    String.raw`[Kk]ill process (\d{1,10})(?:, UID -?\d{1,10},)? \(([\s\S]{0,15})\) score \d+(?:,? or [\s\S]{0,40})?$`,
);

const sharing = /^Kill process (\d{1,10}) \(([\s\S]{0,15})\) sharing same memory *$/;

const beginsWithMessage = ['Out of memory', 'Out of Memory: ', 'Memory cgroup out of memory'];
const foundByMessage = [{ bytes: 'Out of memory: ' }, { bytes: 'Memory cgroup out of memory' }];

export const killFamily: LineFamily<KillLine> = {
  type: 'kill',
  parse: parseKillLine,
  begins: ['Killed process ', 'OOM killed process ', ...beginsWithMessage],
  rank: 'headline',
  found: [
    { bytes: 'Killed process ', opens: 8, closes: true },
    { bytes: 'OOM killed process ' },
    ...foundByMessage,
  ],
  forgeable: true,
  sample:
    'Memory cgroup out of memory: Killed process 11657 (flood1) total-vm:207144kB, anon-rss:16256kB, file-rss:856kB, shmem-rss:0kB, UID:0 pgtables:76kB oom_score_adj:0',
};

export const announceFamily: LineFamily<AnnounceLine> = {
  type: 'announce',
  parse: parseAnnounceLine,
  begins: ['Out of memory', 'Memory cgroup out of memory'],
  rank: 'headline',
  found: foundByMessage,
  forgeable: true,
  sample: 'Memory cgroup out of memory: Kill process 29 (java) score 2011 or sacrifice child',
};

export const sharerFamily: LineFamily<SharerLine> = {
  type: 'sharer',
  parse: parseSharerLine,
  begins: ['Kill process '],
  rank: 'detail',
  found: [{ bytes: ') sharing same memory' }],
  forgeable: true,
  sample: 'Kill process 30 (java) sharing same memory',
};

export function parseKillLine(text: string): KillLine | undefined {
  const match = killed.exec(text) ?? killedThenWords.exec(text) ?? killedInShort.exec(text);
  if (match === null) return parseUbKillLine(text);
  const uid = match[3] ?? match[5] ?? match[10];
  return {
    type: 'kill',
    message: messageOf(match[1]),
    pid: Number(match[2]),
    comm: match[4] as string,
    uid: uid === undefined ? undefined : unsigned32(Number(uid)),
    totalVmKiB: optional(match[6]),
    anonRssKiB: optional(match[7]),
    fileRssKiB: optional(match[8]),
    shmemRssKiB: optional(match[9]),
    pageTablesKiB: optional(match[11]),
    oomScoreAdj: optional(match[12]),
  };
}

function parseUbKillLine(text: string): KillLine | undefined {
  const match = killedInUb.exec(text);
  if (match === null) return undefined;
  return {
    type: 'kill',
    message: undefined,
    pid: Number(match[1]),
    comm: match[2] as string,
    uid: undefined,
    totalVmKiB: Number(match[3]),
    anonRssKiB: undefined,
    fileRssKiB: undefined,
    shmemRssKiB: undefined,
    pageTablesKiB: undefined,
    oomScoreAdj: undefined,
  };
}

export function parseAnnounceLine(text: string): AnnounceLine | undefined {
  const match = announced.exec(text);
  if (match === null) return undefined;
  return {
    type: 'announce',
    message: messageOf(match[1]) as OomMessage,
    pid: Number(match[2]),
    comm: match[3] as string,
  };
}

export function parseSharerLine(text: string): SharerLine | undefined {
  const match = sharing.exec(text);
  return match === null
    ? undefined
    : { type: 'sharer', pid: Number(match[1]), comm: match[2] as string };
}

/** 2.4 writes `Out of Memory`. */
function messageOf(words: string | undefined): OomMessage | undefined {
  return words === 'Out of Memory' ? 'Out of memory' : (words as OomMessage | undefined);
}
