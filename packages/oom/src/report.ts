import type { OomLine } from './line.js';
import type { ConstraintLine, ConstraintReading } from './lines/constraint-line.js';
import type { InvokeLine } from './lines/invoke-line.js';
import type { AnnounceLine, KillLine } from './lines/kill-line.js';
import type { MemoryLine } from './lines/memcg-lines.js';
import type { MemoryStat } from './lines/memory-stat-lines.js';
import { isWithin } from './lines/paths.js';
import type { NodeMemoryFigures } from './node-memory.js';
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
  /** What the limit's memory was, as lines for the whole subtree say. */
  stat: MemoryStat;
  /** The same, summed up over a line a cgroup (up to 5.2); undefined: one of them was not read whole. */
  statSum: MemoryStat | undefined;
  /** What the machine's memory was; of a limit's report nobody's. */
  nodeMemory: NodeMemoryFigures | undefined;
  tasks: TaskList | undefined;
  /** What a page of its node has, where a line says so. */
  pageSizeKiB: number | undefined;
  constraint: ConstraintLine | undefined;
  announce: AnnounceLine | undefined;
  /** It has said that a process was chosen, though perhaps not where. */
  choosesByTaskIn: boolean;
  /** Another report may have run beside it (there was no oom_lock before 4.2): its parts may not belong together. */
  doubtful: boolean;
  /** Its lines, where they are asked for. */
  raw: RawLines | undefined;
  /** The line that names who was chosen; until one has, the first. */
  at: OomLine;
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
    stat: {},
    statSum: {},
    nodeMemory: undefined,
    tasks: undefined,
    pageSizeKiB: undefined,
    constraint: undefined,
    announce: undefined,
    choosesByTaskIn: false,
    doubtful: false,
    raw: undefined,
    at: line,
    last: line,
  };
}

/** Whether its parts belong together: a constraint line names the process, so a report that has one is its own proof. */
export function isTrusted(report: Report): boolean {
  return !report.doubtful || report.constraint !== undefined;
}

/** Whether there is nothing of it but the announcement, which is printed of every kill up to 5.0. */
export function isOnlyAnnounced(report: Report): boolean {
  const { announce, invoke, memory, tasks, constraint, choosesByTaskIn, statsPaths } = report;
  if (announce === undefined || choosesByTaskIn || statsPaths.length > 0) return false;
  return [invoke, memory, tasks, constraint].every((part) => part === undefined);
}

/** Where a kill happened, as its own report says. */
export interface Place {
  victim: string | undefined;
  limit: string | undefined;
  global: boolean;
  /** The report's own names for the constraint: CONSTRAINT_MEMCG and so on. */
  constraint: string | undefined;
  /** false: the report has paths, but more than one reading of them. */
  certain: boolean;
}

/**
 * Whether the kill line's process is the one that the report chose, or a child of it that died in its stead. Kernels before
 * 5.3 choose a thread, which is in no row of the table: the kill line names its process.
 */
export function concerns(report: Report, kill: KillLine, line: OomLine): boolean {
  const { announce, constraint, tasks } = report;
  if (constraint !== undefined) return isSameProcess(report, constraint.pid, kill.pid, line);
  if (announce !== undefined) {
    // What is withheld is not in the table, nor need its child be.
    return tasks === undefined || tasks.hasProcess(announce.pid) || tasks.hasProcess(kill.pid);
  }
  // RHEL 8.1 prints neither an announcement nor a constraint.
  const isPlaced = report.taskIn !== undefined || kill.message === 'Out of memory';
  return isPlaced && (tasks?.hasProcess(kill.pid) ?? false);
}

/** Whether the constraint line can be the report's: it is about the cgroup whose figures the report has. */
export function fits(
  { statsPaths: [stats], memory }: Report,
  { readings }: ConstraintLine,
): boolean {
  if (readings.length === 0) return true;
  if (stats !== undefined) return readings.some(({ limit }) => limit === stats);
  // A global report has no figures of a cgroup.
  return memory === undefined || readings.some(({ global }) => !global);
}

/** By equal ids, or by the task row or /proc that link a thread's id to its process. */
function isSameProcess(report: Report, chosen: number, killed: number, line: OomLine): boolean {
  if (chosen === killed || line.witness?.tgid === chosen) return true;
  const { tasks } = report;
  const killedRow = tasks?.row(killed);
  if (tasks === undefined || killedRow === undefined) return false;
  if (killedRow.pid === chosen || killedRow.pid === tasks.row(chosen)?.pid) return true;
  return tasks.isComplete && !tasks.hasProcess(chosen);
}

/** The process that the kill line's id belongs to, where the report or /proc says. */
export function processOf(report: Report | undefined, id: number, line: OomLine): number {
  return line.witness?.tgid ?? report?.tasks?.row(id)?.pid ?? id;
}

export function placeOf(report: Report, kill: KillLine, line: OomLine): Place {
  if (report.constraint !== undefined)
    return placeByConstraint(report, report.constraint, kill, line);
  const message = kill.message ?? report.announce?.message;
  const global = message === 'Out of memory';
  const { victim, limit, certain } = report.doubtful ? nowhere : placeByTaskIn(report);
  const isVictims = chosenDied(report, kill, line) || (limitIsLeaf(report) && victim === limit);
  return { victim: isVictims ? victim : undefined, limit, global, constraint: undefined, certain };
}

type PrintedPlace = Pick<Place, 'victim' | 'limit' | 'certain'>;

const nowhere: PrintedPlace = { victim: undefined, limit: undefined, certain: true };

/**
 * The first statistics are the limit's (mem_cgroup_print_oom_info). Where the line's limit is only the beginning of that
 * path, or not above the victim's, the line was cut.
 */
function placeByTaskIn({ taskIn, statsPaths: [stats] }: Report): PrintedPlace {
  if (taskIn === undefined) return { victim: undefined, limit: stats, certain: true };
  const { victim } = taskIn;
  const isBelow = stats !== undefined && isWithin(stats, taskIn.limit);
  const limit = isBelow || !stats?.startsWith(taskIn.limit) ? taskIn.limit : stats;
  const contradicts = stats !== undefined && !isWithin(stats, limit);
  const agrees = isWithin(victim, limit) && !contradicts;
  return {
    victim: agrees || stats === undefined ? victim : undefined,
    limit: agrees ? limit : undefined,
    certain: agrees,
  };
}

function placeByConstraint(
  report: Report,
  words: ConstraintLine,
  kill: KillLine,
  line: OomLine,
): Place {
  const reading = chooseReading(report, words, kill);
  const isVictims =
    chosenDied(report, kill, line) || (limitIsLeaf(report) && reading?.victim === reading?.limit);
  return {
    victim: isVictims ? reading?.victim : undefined,
    limit: reading?.limit ?? (reading === undefined ? report.statsPaths[0] : undefined),
    global: reading?.global ?? false,
    constraint: words.constraint,
    certain: reading !== undefined,
  };
}

/** Up to 5.0 a child may die for the chosen process, and its cgroup is printed nowhere. */
function chosenDied(report: Report, kill: KillLine, line: OomLine): boolean {
  const { announce } = report;
  return announce === undefined || isSameProcess(report, announce.pid, kill.pid, line);
}

/** The statistics are one line a cgroup of the subtree: what dies within a limit without a cgroup below is in its own. */
function limitIsLeaf({ statsPaths }: Report): boolean {
  return statsPaths.length === 1;
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
