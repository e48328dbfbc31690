import { type Identity, identify, limitScope } from './cgroup-path.js';
import { defined } from './defined.js';
import type { Death, Incident } from './incident.js';
import type { Constraint, Kill, KillCgroup, Scope, TaskRow, Trigger, Victim } from './kill.js';
import { killId } from './kill-id.js';
import type { OomLine } from './line.js';
import type { KillLine } from './lines/kill-line.js';
import type { MemoryLine } from './lines/memcg-lines.js';
import type { MemoryStat } from './lines/memory-stat-lines.js';
import { decodeName } from './lines/names.js';
import { ownerOf } from './owner.js';
import { isTrusted, processOf, type Report } from './report.js';
import type { TaskList } from './task-list.js';
import { isoMicroseconds, localTime } from './time.js';
import { processKey } from './witnessed-kill.js';

/** What every record of one log shares. */
export interface LogContext {
  bootId: string | undefined;
  /** What stands for the boot id in the ids of a log that has none. */
  captureName: string;
  host: string | undefined;
  /** Whether lines carry the kernel's sequence numbers. */
  hasSequence: boolean;
  /** Where a report does not say it: that of the boot's earlier reports, else of the node that reads. */
  pageSizeKiB: number;
}

/** Makes the public record of one death. */
export function killRecord(incident: Incident, death: Death, context: LogContext): Kill {
  const { report } = incident;
  // Of two reports that ran beside each other nobody knows whose asking process, figures and table they are.
  const own = report?.doubtful ? undefined : report;
  const cgroup = cgroupOf(incident, death);
  const inside = insideOf(cgroup, incident, death);
  const complete = isComplete(incident);
  return defined<Kill>({
    schema: 'oomwatcher.kill/v1',
    ...stampOf(death, context),
    scope: scopeOf(incident, cgroup),
    constraint: constraintOf(incident),
    victim: victimOf(incident, death),
    trigger: report === undefined ? witnessedTrigger(death) : own && triggerOf(own),
    cgroup,
    ...ownerOf(inside),
    memory: memoryOf(incident) ?? witnessedMemory(incident, death),
    memoryStat: statOf(incident),
    nodeMemory: nodeMemoryOf(incident, context),
    sharers: sharersOf(death),
    witnessed: report === undefined && death.line.witness?.trigger !== undefined ? true : undefined,
    group: groupOf(incident, context),
    tasks: tasksOf(own?.tasks, incident.pageSizeKiB ?? context.pageSizeKiB),
    complete,
    missing: complete ? undefined : incident.missing,
  });
}

interface Stamp {
  id: string;
  time?: string;
  localTime?: string;
  monotonicUs?: number;
  seq?: number;
  bootId?: string;
  host?: string;
}

/** The identifying fields of a line's record. */
export function stamp(line: OomLine, context: LogContext, id = idOf(line, context)): Stamp {
  return defined<Stamp>({
    id,
    time: line.wallTimeUs === undefined ? undefined : isoMicroseconds(line.wallTimeUs),
    localTime: line.wallTimeUs === undefined ? localTime(line) : undefined,
    monotonicUs: line.timestampUs,
    seq: context.hasSequence ? Number(line.seq) : undefined,
    bootId: context.bootId,
    host: context.host,
  });
}

/**
 * A kill's id is that of its line. Where the kill is told before its line is read, it is that of its process, and stays:
 * both are of one kill, see idsOf.
 */
function stampOf(death: Death, context: LogContext): Stamp {
  const { line, hasNoLine } = death;
  const id = idOfDeath(death, context);
  if (!hasNoLine) return stamp(line, context, id);
  return defined<Stamp>({
    id,
    time: line.wallTimeUs === undefined ? undefined : isoMicroseconds(line.wallTimeUs),
    bootId: context.bootId,
  });
}

function idOfDeath({ given, line, hasNoLine }: Death, context: LogContext): string {
  if (given !== undefined) return given.id;
  if (!hasNoLine) return idOf(line, context);
  return `${context.bootId ?? context.captureName}:${processKey(line.witness)}`;
}

/** Who asked for the memory, as far as the report says. */
export function triggerOf({ invoke, manual, triggerPid }: Report): Trigger | undefined {
  if (invoke === undefined) return undefined;
  return defined<Trigger>({
    manual: manual || invoke.order === -1,
    pid: triggerPid,
    name: decodeName(invoke.comm),
    gfpMask: invoke.gfpMask,
    order: invoke.order,
    oomScoreAdj: invoke.oomScoreAdj,
  });
}

/** Unique for ever by boot and sequence number; where either is unknown, within the capture. */
function idOf(line: OomLine, { bootId, captureName, hasSequence }: LogContext): string {
  return killId(hasSequence && bootId !== undefined ? bootId : captureName, line.seq);
}

function messageOf({ deaths: [first], report }: Incident): KillLine['message'] {
  return (
    (first?.kill.type === 'kill' ? first.kill.message : undefined) ?? report?.announce?.message
  );
}

function isGlobal(incident: Incident): boolean {
  return incident.place?.global ?? messageOf(incident) === 'Out of memory';
}

/** CONSTRAINT_* of the report; 5.0 leaves it NONE for a cgroup's OOM too, so the message and the limit decide first. */
function constraintOf(incident: Incident): Constraint | undefined {
  const { place } = incident;
  if (messageOf(incident) === 'Memory cgroup out of memory') return 'memcg';
  if (place?.limit !== undefined && !place.global) return 'memcg';
  switch (place?.constraint) {
    case 'CONSTRAINT_MEMCG':
      return 'memcg';
    case 'CONSTRAINT_CPUSET':
      return 'cpuset';
    case 'CONSTRAINT_MEMORY_POLICY':
      return 'memory_policy';
    case 'CONSTRAINT_NONE':
      return 'none';
    default:
      return undefined;
  }
}

/** Whole: the kernel printed a report and every line of it was read and understood. */
function isComplete({ report, place, interrupted, missing }: Incident): boolean {
  if (report === undefined || place === undefined || interrupted || missing === 'kill-line')
    return false;
  const chosen = report.constraint ?? report.announce ?? report.taskIn;
  // RHEL 8.1 chooses without a word where it is the machine that has no memory left.
  const isRhel81 = report.invoke?.hasNodemask === true && report.tasks !== undefined;
  const isChosen = chosen !== undefined || (place.global && isRhel81);
  return report.invoke !== undefined && isChosen && place.certain && isTrusted(report);
}

/** Whose limit was hit. */
function scopeOf(incident: Incident, cgroup: KillCgroup | undefined): Scope | undefined {
  if (isGlobal(incident)) return 'node';
  return cgroup?.limit === undefined ? undefined : limitScope(cgroup.limit);
}

/** Where a death happened and whose limit was hit, as far as the log and /proc say. */
export function cgroupOf(incident: Incident, death: Death): KillCgroup | undefined {
  const victim = victimCgroup(incident, death);
  const { place } = incident;
  const limit = isGlobal(incident) ? undefined : (place?.limit ?? death.line.witness?.limit);
  if (victim === undefined && limit === undefined) return undefined;
  return defined<KillCgroup>({
    victim: victim?.path,
    limit: limit === undefined ? undefined : decodeName(limit),
    from: victim?.from,
  });
}

/** The cgroup that a death happened in: as its report prints it, else as /proc had it. */
export function victimCgroup(
  { place, deaths }: Incident,
  death: Death,
): { path: string; from: 'log' | 'proc' | 'kernel' } | undefined {
  if (deaths[0] === death && place?.victim !== undefined) {
    return { path: decodeName(place.victim), from: 'log' };
  }
  const { cgroup: witnessed, from = 'proc' } = death.line.witness ?? {};
  if (witnessed === undefined || witnessed === '/') return undefined;
  return { path: decodeName(witnessed), from };
}

/** The kill with its cgroup, found by other means than the log. */
export function placeKill(kill: Kill, path: string, from: NonNullable<KillCgroup['from']>): Kill {
  return { ...kill, cgroup: { ...kill.cgroup, victim: path, from }, ...ownerOf(identify(path)) };
}

/** The innermost cgroup that the victim is known to have been in or below. */
function insideOf(
  cgroup: KillCgroup | undefined,
  { group }: Incident,
  { onlyByTime }: Death,
): Identity | undefined {
  if (onlyByTime) return undefined;
  const groupPath = group?.path === undefined ? undefined : decodeName(group.path);
  const path = cgroup?.victim ?? groupPath ?? cgroup?.limit;
  return path === undefined ? undefined : identify(path);
}

function victimOf({ report }: Incident, { kill, line }: Death): Victim {
  const pid = processOf(report, kill.pid, line);
  const row = report?.tasks?.row(kill.pid);
  const chosen = report?.constraint?.pid === kill.pid ? report.constraint : undefined;
  const sizes = kill.type === 'kill' ? kill : undefined;
  return defined<Victim>({
    pid,
    tid: pid === kill.pid ? undefined : kill.pid,
    name: decodeName(kill.comm),
    uid: sizes?.uid ?? row?.uid ?? chosen?.uid,
    startTicks: line.witness?.startTicks,
    mainProcess: line.witness?.mainProcess,
    oomScoreAdj: sizes?.oomScoreAdj ?? row?.oomScoreAdj,
    totalVmKiB: sizes?.totalVmKiB,
    anonRssKiB: sizes?.anonRssKiB,
    fileRssKiB: sizes?.fileRssKiB,
    shmemRssKiB: sizes?.shmemRssKiB,
    pageTablesKiB: sizes?.pageTablesKiB,
    sizesApproximate: line.witness?.sizesApproximate,
  });
}

/** Usage and limit of the cgroup that hit its limit; a global OOM's report has no such figures of its own. */
function memoryOf(incident: Incident): Kill['memory'] {
  const { report } = incident;
  if (report?.memory === undefined || report.doubtful || isGlobal(incident)) return undefined;
  return usage(report.memory);
}

/** What that memory was. */
function statOf(incident: Incident): MemoryStat | undefined {
  const { report } = incident;
  if (report === undefined || report.doubtful || isGlobal(incident)) return undefined;
  const stat = { ...report.stat, ...report.statSum };
  return Object.keys(stat).length === 0 ? undefined : stat;
}

/** What the machine's memory was, where it had none left. */
function nodeMemoryOf(incident: Incident, context: LogContext): Kill['nodeMemory'] {
  const { report, pageSizeKiB = context.pageSizeKiB } = incident;
  if (report === undefined || report.doubtful || !isGlobal(incident)) return undefined;
  // The kernel's objects are printed of all nodes, also where only some may be used.
  return report.nodeMemory?.record(constraintOf(incident) === 'none' ? pageSizeKiB : undefined);
}

/** As memoryOf, where there is no report of this limit. */
function witnessedMemory(incident: Incident, { line }: Death): Kill['memory'] {
  const { report, place } = incident;
  if (report?.memory !== undefined || place?.limit !== undefined || isGlobal(incident)) {
    return undefined;
  }
  return line.witness?.memory;
}

/** Who asked for the memory, where the kernel withheld the report that names them. */
function witnessedTrigger({ line }: Death): Trigger | undefined {
  const trigger = line.witness?.trigger;
  if (trigger === undefined) return undefined;
  return { manual: trigger.manual ?? false, pid: trigger.pid, name: decodeName(trigger.name) };
}

function sharersOf({ line }: Death): Kill['sharers'] {
  return line.witness?.sharers?.map(({ pid, name }) => ({ pid, name: decodeName(name) }));
}

export function usage({ usageKiB, limitKiB }: MemoryLine): NonNullable<Kill['memory']> {
  return limitKiB === undefined ? { usageKiB } : { usageKiB, limitKiB };
}

function groupOf({ group, deaths }: Incident, context: LogContext): Kill['group'] {
  const [first] = deaths;
  if (group === undefined || first === undefined) return undefined;
  return defined<NonNullable<Kill['group']>>({
    id: idOfDeath(first, context),
    size: deaths.length,
    cgroup: group.path === undefined ? undefined : decodeName(group.path),
  });
}

function tasksOf(tasks: TaskList | undefined, pageSizeKiB: number): TaskRow[] | undefined {
  return tasks?.biggest.map((row) => ({
    pid: row.pid,
    name: decodeName(row.comm),
    uid: row.uid,
    rssKiB: row.rssPages * pageSizeKiB,
    swapKiB: row.swapPages * pageSizeKiB,
    oomScoreAdj: row.oomScoreAdj,
  }));
}
