import type { KillLine } from './lines/kill-line.js';
import { decodeName } from './lines/names.js';
import type { Notice } from './notice.js';
import type { Report } from './report.js';

/** What a report says whose kill line is missing. */
export interface Proven {
  process: Notice['process'];
  cgroup: Notice['cgroup'];
  /** The kill that it proves; its own line would have the figures. */
  kill: KillLine | undefined;
}

/**
 * The constraint line is printed when the process is chosen, right before it is killed; an announcement is not enough, for a
 * child may have died instead. `reaped`: the process that the kernel says died of it.
 */
export function provenBy(
  report: Report,
  reaped: { pid: number; comm: string } | undefined,
): Proven {
  const { constraint, announce, taskIn, statsPaths } = report;
  const [reading] = constraint?.readings ?? [];
  const chosen = constraint?.pid ?? announce?.pid;
  const pid = reaped?.pid ?? chosen;
  const comm =
    reaped?.comm ?? report.tasks?.row(chosen ?? -1)?.comm ?? reading?.comm ?? announce?.comm;
  const victim = reading?.victim ?? taskIn?.victim;
  const limit = reading?.limit ?? taskIn?.limit ?? statsPaths[0];
  const isProven =
    pid !== undefined && comm !== undefined && (reaped !== undefined || constraint !== undefined);
  return {
    process:
      pid === undefined
        ? undefined
        : { pid, ...(comm !== undefined && { name: decodeName(comm) }) },
    cgroup:
      victim === undefined && limit === undefined
        ? undefined
        : {
            ...(victim !== undefined && { victim: decodeName(victim) }),
            ...(limit !== undefined && { limit: decodeName(limit) }),
          },
    kill: isProven ? withoutFigures(pid, comm, messageOf(report)) : undefined,
  };
}

function messageOf({ constraint, taskIn, announce, memory }: Report): KillLine['message'] {
  if (announce !== undefined) return announce.message;
  const [reading] = constraint?.readings ?? [];
  if (reading !== undefined)
    return reading.global ? 'Out of memory' : 'Memory cgroup out of memory';
  return taskIn !== undefined || memory !== undefined ? 'Memory cgroup out of memory' : undefined;
}

function withoutFigures(pid: number, comm: string, message: KillLine['message']): KillLine {
  return {
    type: 'kill',
    message,
    pid,
    comm,
    uid: undefined,
    totalVmKiB: undefined,
    anonRssKiB: undefined,
    fileRssKiB: undefined,
    shmemRssKiB: undefined,
    pageTablesKiB: undefined,
    oomScoreAdj: undefined,
  };
}
