import type { Death } from './incident.js';
import type { OomLine, Witness } from './line.js';
import type { KillLine } from './lines/kill-line.js';

/** A kill that the kernel told at the kill itself, and whose line nobody has read: it was lost, or will come. */
export interface WitnessedKill {
  /** The last record of the log that was read before. */
  seq: bigint;
  /** Microseconds since the epoch. */
  wallTimeUs?: number;
  /** By the log's clock, about: how far it is from other lines. */
  timestampUs?: number;
  /** As the kill line names it: of a thread, where one was chosen; the name latin1. */
  pid: number;
  name: string;
  uid: number;
  oomScoreAdj: number;
  totalVmKiB?: number;
  anonRssKiB?: number;
  fileRssKiB?: number;
  shmemRssKiB?: number;
  pageTablesKiB?: number;
  /** Whether the machine itself had no memory left; undefined: not known. */
  global?: boolean;
  witness: Witness & WitnessedProcess;
}

/** What no other process of a boot has. */
export interface WitnessedProcess {
  tgid: number;
  /** When the process began: ticks of 10 ms since boot. */
  startTicks: number;
}

/** The kill as its line would tell it. */
export function witnessedDeath(witnessed: WitnessedKill): Death {
  const { pid, name, uid, oomScoreAdj, totalVmKiB, anonRssKiB, fileRssKiB } = witnessed;
  const { shmemRssKiB, pageTablesKiB, global, seq, witness } = witnessed;
  const kill: KillLine = {
    type: 'kill',
    message: messages[`${global}`],
    pid,
    comm: name,
    uid,
    totalVmKiB,
    anonRssKiB,
    fileRssKiB,
    shmemRssKiB,
    pageTablesKiB,
    oomScoreAdj,
  };
  const line: OomLine = { seq, text: '', witness };
  if (witnessed.wallTimeUs !== undefined) line.wallTimeUs = witnessed.wallTimeUs;
  if (witnessed.timestampUs !== undefined) line.timestampUs = witnessed.timestampUs;
  return { kill, line, hasNoLine: true };
}

const messages: Record<string, KillLine['message']> = {
  true: 'Out of memory',
  false: 'Memory cgroup out of memory',
};

/** Unique within a boot; undefined: nobody saw the kill but the log. */
export function processKey(witness: Witness | undefined): string | undefined {
  const { tgid, startTicks } = witness ?? {};
  return tgid === undefined || startTicks === undefined ? undefined : `p${tgid}-${startTicks}`;
}
