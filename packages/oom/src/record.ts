import type { KillLine } from './grammar/kill-line.js';
import { type Identity, identify } from './identity.js';
import type { Death, Incident } from './incident.js';
import type { Constraint, Kill, KillCgroup, TaskRow, Trigger, Victim } from './kill.js';
import type { OomLine } from './line.js';
import { decodeName } from './names.js';
import { isTrusted, processOf, type Report } from './report.js';

/** What every record of one log shares. */
export interface LogContext {
  bootId: string | undefined;
  pageSizeKiB: number;
}

/** Makes the public record of one death. */
export function killRecord(incident: Incident, death: Death, context: LogContext): Kill {
  const { report } = incident;
  const isFirst = incident.deaths[0] === death;
  const cgroup = cgroupOf(incident, death, isFirst);
  const constraint = constraintOf(incident);
  const kill: Kill = {
    schema: 'oomwatcher.kill/v1',
    ...stamp(death.line, context),
    complete: isComplete(incident),
  };

  const limit = cgroup?.limit === undefined ? undefined : identify(cgroup.limit);
  const scope = isGlobal(incident) ? 'node' : limit?.scope;
  if (scope !== undefined) kill.scope = scope;
  if (constraint !== undefined) kill.constraint = constraint;
  kill.victim = victimOf(incident, death, isFirst);
  const trigger = report === undefined ? undefined : triggerOf(report);
  if (trigger !== undefined) kill.trigger = trigger;
  if (cgroup !== undefined) kill.cgroup = cgroup;
  addIdentity(kill, insideOf(cgroup, incident));
  if (report?.memory !== undefined && isTrusted(report) && !isGlobal(incident)) {
    const { usageKiB, limitKiB } = report.memory;
    kill.memory = limitKiB === undefined ? { usageKiB } : { usageKiB, limitKiB };
  }
  if (incident.group !== undefined) kill.group = groupOf(incident, context);
  if (report?.tasks !== undefined) kill.tasks = tasksOf(report, context.pageSizeKiB);
  return kill;
}

/** The identifying fields of a line's record. */
export function stamp(
  line: OomLine,
  { bootId }: LogContext,
): Pick<Kill, 'id' | 'time' | 'monotonicUs' | 'bootId'> & { seq: number } {
  return {
    id: idOf(line, bootId),
    ...(line.wallTimeUs !== undefined && { time: isoMicroseconds(line.wallTimeUs) }),
    ...(line.timestampUs !== undefined && { monotonicUs: line.timestampUs }),
    seq: Number(line.seq),
    ...(bootId !== undefined && { bootId }),
  };
}

/** Who asked for the memory, as far as the report tells. */
export function triggerOf({ invoke, manual, triggerPid }: Report): Trigger | undefined {
  if (invoke === undefined) return undefined;
  return {
    manual: manual || invoke.order === -1,
    ...(triggerPid !== undefined && { pid: triggerPid }),
    name: decodeName(invoke.comm),
    gfpMask: invoke.gfpMask,
    order: invoke.order,
    oomScoreAdj: invoke.oomScoreAdj,
  };
}

function idOf(line: OomLine, bootId: string | undefined): string {
  return `${bootId ?? 'capture'}:${line.seq}`;
}

function isoMicroseconds(us: number): string {
  const whole = Math.round(us);
  const iso = new Date(Math.floor(whole / 1000)).toISOString();
  return `${iso.slice(0, -1)}${String(whole % 1000).padStart(3, '0')}Z`;
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
function isComplete({ report, place, interrupted }: Incident): boolean {
  if (report === undefined || place === undefined || interrupted) return false;
  const chosen = report.constraint !== undefined || report.announce !== undefined;
  return report.invoke !== undefined && chosen && place.certain && isTrusted(report);
}

function cgroupOf({ place }: Incident, { line }: Death, isFirst: boolean): KillCgroup | undefined {
  const cgroup: KillCgroup = {};
  const witnessed = line.witness?.cgroup;
  if (isFirst && place?.victim !== undefined) {
    cgroup.victim = decodeName(place.victim);
    cgroup.from = 'log';
  } else if (witnessed !== undefined && witnessed !== '/') {
    cgroup.victim = decodeName(witnessed);
    cgroup.from = 'proc';
  }
  if (place?.limit !== undefined && !place.global) cgroup.limit = decodeName(place.limit);
  return cgroup.victim === undefined && cgroup.limit === undefined ? undefined : cgroup;
}

function victimOf({ report, place }: Incident, { kill, line }: Death, isFirst: boolean): Victim {
  const pid = processOf(report, kill.pid, line);
  const victim: Victim = { pid, name: decodeName(kill.comm) };
  if (pid !== kill.pid) victim.tid = kill.pid;
  const uid =
    (kill.type === 'kill' ? kill.uid : undefined) ??
    uidByReport(report, kill.pid, isFirst && place !== undefined);
  if (uid !== undefined) victim.uid = uid;
  if (line.witness?.mainProcess !== undefined) victim.mainProcess = line.witness.mainProcess;
  if (kill.type === 'sharer') return victim;
  if (kill.oomScoreAdj !== undefined) victim.oomScoreAdj = kill.oomScoreAdj;
  victim.totalVmKiB = kill.totalVmKiB;
  victim.anonRssKiB = kill.anonRssKiB;
  victim.fileRssKiB = kill.fileRssKiB;
  if (kill.shmemRssKiB !== undefined) victim.shmemRssKiB = kill.shmemRssKiB;
  if (kill.pageTablesKiB !== undefined) victim.pageTablesKiB = kill.pageTablesKiB;
  return victim;
}

function uidByReport(
  report: Report | undefined,
  pid: number,
  isChosen: boolean,
): number | undefined {
  const row = report?.tasks?.row(pid);
  if (row !== undefined) return row.uid;
  return isChosen && report?.constraint?.pid === pid ? report.constraint.uid : undefined;
}

function groupOf(incident: Incident, { bootId }: LogContext): NonNullable<Kill['group']> {
  const [first] = incident.deaths as [Death];
  const path = incident.group?.path;
  return {
    id: idOf(first.line, bootId),
    size: incident.deaths.length,
    ...(path !== undefined && { cgroup: decodeName(path) }),
  };
}

function tasksOf({ tasks }: Report, pageSizeKiB: number): TaskRow[] {
  return (tasks?.biggest ?? []).map((row) => ({
    pid: row.pid,
    name: decodeName(row.comm),
    uid: row.uid,
    rssKiB: row.rssPages * pageSizeKiB,
    swapKiB: row.swapPages * pageSizeKiB,
    oomScoreAdj: row.oomScoreAdj,
  }));
}

/** The innermost cgroup that the victim is known to have been in or below. */
function insideOf(cgroup: KillCgroup | undefined, { group }: Incident): Identity | undefined {
  const groupPath = group?.path === undefined ? undefined : decodeName(group.path);
  const path = cgroup?.victim ?? groupPath ?? cgroup?.limit;
  return path === undefined ? undefined : identify(path);
}

function addIdentity(kill: Kill, identity: Identity | undefined): void {
  if (identity?.container !== undefined) kill.container = identity.container;
  if (identity?.pod !== undefined) kill.pod = { uid: identity.pod.uid, qos: identity.pod.qos };
}
