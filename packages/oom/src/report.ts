import type { OomLine } from './line.js';
import type { ConstraintLine, ConstraintReading } from './lines/constraint-line.js';
import type { InvokeLine } from './lines/invoke-line.js';
import type { AnnounceLine, KillLine } from './lines/kill-line.js';
import type { MemoryLine } from './lines/memcg-lines.js';
import { isWithin } from './lines/paths.js';
import type { RawLines } from './raw-lines.js';
import type { TaskList } from './task-list.js';

/** What one report of the kernel has said so far, from `invoked oom-killer` on. */
export interface Report {
  invoke: InvokeLine | undefined;
  /** Asked for by sysrq-f. */
  manual: boolean;
  triggerPid: number | undefined;
  taskIn: { victim: string; limit: string } | undefined;
  memory: MemoryLine | undefined;
  /** Paths of `Memory cgroup stats for`, unread ones too, for the first is the limit's and no other is. */
  statsPaths: (string | undefined)[];
  tasks: TaskList | undefined;
  constraint: ConstraintLine | undefined;
  announce: AnnounceLine | undefined;
  /** Another report may have run beside it (there was no oom_lock before 4.2): its parts may not belong together. */
  doubtful: boolean;
  /** Its lines, where they are asked for. */
  raw: RawLines | undefined;
  /** The last line that belonged to it. */
  last: OomLine;
}

export function beginReport(line: OomLine): Report {
  return {
    invoke: undefined,
    manual: false,
    triggerPid: undefined,
    taskIn: undefined,
    memory: undefined,
    statsPaths: [],
    tasks: undefined,
    constraint: undefined,
    announce: undefined,
    doubtful: false,
    raw: undefined,
    last: line,
  };
}

/** Whether its parts belong together: a constraint line names the process, so a report that has one is its own proof. */
export function isTrusted(report: Report): boolean {
  return !report.doubtful || report.constraint !== undefined;
}

/** Where a kill happened, as its own report tells. */
export interface Place {
  victim: string | undefined;
  limit: string | undefined;
  global: boolean;
  /** The report's own names for the constraint: CONSTRAINT_MEMCG and so on. */
  constraint: string | undefined;
  /** false: the report has paths, but more than one reading of them. */
  certain: boolean;
}

/** Whether the kill line's process is the one that the report chose, or a child of it that died in its stead. */
export function concerns(report: Report, kill: KillLine, line: OomLine): boolean {
  if (report.announce !== undefined) return true;
  if (report.constraint === undefined) {
    // RHEL 8.1 prints neither an announcement nor a constraint.
    const isPlaced = report.taskIn !== undefined || kill.message === 'Out of memory';
    return isPlaced && (report.tasks?.hasProcess(kill.pid) ?? false);
  }
  return isSameProcess(report, report.constraint.pid, kill.pid, line);
}

/** By equal ids, or by the task row or /proc that link a thread's id to its process. */
function isSameProcess(report: Report, chosen: number, killed: number, line: OomLine): boolean {
  if (chosen === killed || line.witness?.tgid === chosen) return true;
  const killedRow = report.tasks?.row(killed);
  const chosenRow = report.tasks?.row(chosen);
  if (killedRow === undefined) return false;
  return killedRow.pid === chosen || killedRow.pid === chosenRow?.pid;
}

/** The process that the kill line's id belongs to, where the report or /proc tells. */
export function processOf(report: Report | undefined, id: number, line: OomLine): number {
  return line.witness?.tgid ?? report?.tasks?.row(id)?.pid ?? id;
}

export function placeOf(report: Report, kill: KillLine): Place {
  if (report.constraint !== undefined) return placeByConstraint(report, report.constraint, kill);
  const message = kill.message ?? report.announce?.message;
  const global = message === 'Out of memory';
  const taskIn = report.doubtful ? undefined : report.taskIn;
  return {
    victim: taskIn !== undefined && chosenDied(report, kill) ? taskIn.victim : undefined,
    limit: taskIn?.limit ?? (report.doubtful ? undefined : report.statsPaths[0]),
    global,
    constraint: undefined,
    certain: true,
  };
}

function placeByConstraint(report: Report, line: ConstraintLine, kill: KillLine): Place {
  const reading = chooseReading(report, line, kill);
  return {
    victim: chosenDied(report, kill) ? reading?.victim : undefined,
    limit: reading?.limit ?? (reading === undefined ? report.statsPaths[0] : undefined),
    global: reading?.global ?? false,
    constraint: line.constraint,
    certain: reading !== undefined,
  };
}

/**
 * Up to 5.0 a child may die for the chosen process, and its cgroup is printed nowhere. It is inside the limit's, so it
 * is the limit's own when that has no cgroup below: the statistics, one line a cgroup of the subtree, tell.
 */
function chosenDied(report: Report, kill: KillLine): boolean {
  if (report.announce === undefined || report.announce.pid === kill.pid) return true;
  const limitIsLeaf = report.statsPaths.length === 1;
  return limitIsLeaf && report.taskIn !== undefined && report.taskIn.victim === report.taskIn.limit;
}

/** A reading is chosen only when the report's other lines leave no other (names are arbitrary bytes). */
function chooseReading(
  report: Report,
  { readings, pid }: ConstraintLine,
  kill: KillLine,
): ConstraintReading | undefined {
  let left = readings;
  const narrow = (holds: (reading: ConstraintReading) => boolean) => {
    if (left.length > 1 && left.some(holds)) left = left.filter(holds);
  };
  const stats = report.statsPaths[0];
  narrow(
    ({ global }) =>
      global === (kill.message === 'Out of memory' || report.announce?.message === 'Out of memory'),
  );
  narrow(({ limit }) => limit !== undefined && limit === stats);
  const comm = report.tasks?.row(pid)?.comm ?? (kill.pid === pid ? kill.comm : undefined);
  narrow((reading) => reading.comm === comm);
  const [choice] = left;
  const samePlace = left.every(
    (reading) =>
      reading.victim === choice?.victim &&
      reading.limit === choice?.limit &&
      reading.global === choice?.global,
  );
  return samePlace ? choice : undefined;
}

/** Whether the path agrees with the report's: a group is at or below the limit, and the victim at or below the group. */
export function allowsGroup(place: Place, path: string): boolean {
  if (place.victim !== undefined && !isWithin(place.victim, path)) return false;
  return place.limit === undefined || isWithin(path, place.limit);
}
