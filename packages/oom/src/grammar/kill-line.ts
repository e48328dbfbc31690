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
  totalVmKiB: number;
  anonRssKiB: number;
  fileRssKiB: number;
  shmemRssKiB: number | undefined;
  pageTablesKiB: number | undefined;
  oomScoreAdj: number | undefined;
}

/** `…: Kill process 29 (java) score 2011 or sacrifice child` (3.10 to 5.0): somebody will die, perhaps a child of it. */
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

/** `…: OOM victim 88 (postgres) is already exiting. Skip killing the task`: chosen, but not killed. */
export interface ExitingLine {
  type: 'exiting';
  pid: number;
  comm: string;
}

const message = String.raw`(?:(Out of memory|Memory cgroup out of memory)(?: \(oom_kill_allocating_task\))?: )`;

/**
 * Anchored at both ends. The numeric tail is longer than the 15 bytes of a name, so a name that imitates it
 * (`) total-vm:1kB,`) cannot end the match early. Fields that later kernels may append are accepted; no comma can be part of one, or the
 * ways to split them would double with each.
 */
const killed = new RegExp(
  `^${message}?` +
    String.raw`Killed process (\d{1,10}) \(([\s\S]{0,15})\)(?:, UID (-?\d{1,10}),)? ` +
    String.raw`total-vm:(\d{1,15})kB, anon-rss:(\d{1,15})kB, file-rss:(\d{1,15})kB(?:, shmem-rss:(\d{1,15})kB)?` +
    String.raw`(?:, UID:(-?\d{1,10}))?(?: pgtables:(\d{1,15})kB)?(?: oom_score_adj:(-?\d{1,5}))?(?:,? [a-z_-]+:[^\s,]+)*$`,
);

const announced = new RegExp(
  `^${message}` +
    String.raw`Kill process (\d{1,10}) \(([\s\S]{0,15})\) score \d+ or sacrifice child$`,
);

const sharing = /^Kill process (\d{1,10}) \(([\s\S]{0,15})\) sharing same memory$/;

const exiting = new RegExp(
  `^${message}` +
    String.raw`OOM victim (\d{1,10}) \(([\s\S]{0,15})\) is already exiting\. Skip killing the task$`,
);

export function parseKillLine(text: string): KillLine | undefined {
  const match = killed.exec(text);
  if (match === null) return undefined;
  const uid = match[4] ?? match[9];
  return {
    type: 'kill',
    message: match[1] as OomMessage | undefined,
    pid: Number(match[2]),
    comm: match[3] as string,
    uid: uid === undefined ? undefined : unsigned32(Number(uid)),
    totalVmKiB: Number(match[5]),
    anonRssKiB: Number(match[6]),
    fileRssKiB: Number(match[7]),
    shmemRssKiB: optional(match[8]),
    pageTablesKiB: optional(match[10]),
    oomScoreAdj: optional(match[11]),
  };
}

export function parseAnnounceLine(text: string): AnnounceLine | undefined {
  const match = announced.exec(text);
  if (match === null) return undefined;
  return {
    type: 'announce',
    message: match[1] as OomMessage,
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

export function parseExitingLine(text: string): ExitingLine | undefined {
  const match = exiting.exec(text);
  return match === null
    ? undefined
    : { type: 'exiting', pid: Number(match[2]), comm: match[3] as string };
}

/** Kernels print a uid with %d in places: 4294967294 (nobody in some images) comes as -2. */
export function unsigned32(value: number): number {
  return value < 0 ? value + 2 ** 32 : value;
}

function optional(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}
