import type { KillLine, SharerLine } from './grammar/kill-line.js';
import { isWithin } from './grammar/paths.js';
import type { OomLine } from './line.js';
import { allowsGroup, type Place, placeOf, type Report } from './report.js';

/** One process that died, with its line. */
export interface Death {
  kill: KillLine | SharerLine;
  line: OomLine;
}

/**
 * What one call of the OOM killer did: the first kill, with its report where the kernel printed one, and with a
 * memory.oom.group the kills of the other members. Kills wait here until it is known whether more belong to them.
 */
export class Incident {
  readonly report: Report | undefined;
  /** Where the first kill happened; undefined without a report. */
  readonly place: Place | undefined;
  readonly deaths: Death[];
  /** How many of `deaths` have been given out. */
  given = 0;
  /** The members' cgroup, once the kernel has announced the group. */
  group: { path: string | undefined } | undefined;
  /** Records were lost while it was open. */
  interrupted = false;
  /** The last line that belonged to it. */
  last: OomLine;

  constructor(first: Death, report: Report | undefined) {
    this.report = report;
    this.place =
      report === undefined || first.kill.type !== 'kill' ? undefined : placeOf(report, first.kill);
    this.deaths = [first];
    this.last = first.line;
  }

  get isHeld(): boolean {
    return this.given < this.deaths.length;
  }

  /** Whether a group that is announced now can be this incident's. */
  acceptsGroup(path: string | undefined, line: OomLine): boolean {
    if (this.group !== undefined || !isNear(this.last, line, mostGapUs)) return false;
    const [first] = this.deaths as [Death];
    if (path === undefined) return true;
    if (this.place !== undefined && !allowsGroup(this.place, path)) return false;
    return first.line.witness?.cgroup === undefined || isWithin(first.line.witness.cgroup, path);
  }

  /** A member that was logged already: kernels print a group's first victim twice. */
  isRepeat({ kill }: Death): boolean {
    return this.deaths.some(
      ({ kill: earlier }) => earlier.pid === kill.pid && earlier.comm === kill.comm,
    );
  }

  /** Whether the kill can be a member of the announced group: nothing that is known of it speaks against. */
  acceptsMember(kill: KillLine, line: OomLine): boolean {
    if (this.group === undefined) return false;
    const [first] = this.deaths as [Death];
    if (first.kill.type === 'kill' && kill.message !== first.kill.message) return false;
    const witnessed = line.witness?.cgroup;
    const { path } = this.group;
    if (witnessed !== undefined && path !== undefined) {
      return isWithin(witnessed, path) && isNear(this.last, line, mostGapUs);
    }
    const tasks = this.report?.tasks;
    if (tasks?.isComplete) {
      return tasks.hasProcess(line.witness?.tgid ?? kill.pid) && isNear(this.last, line, mostGapUs);
    }
    return isNear(this.last, line, mostGapWithoutEvidenceUs);
  }
}

/** Lines of one incident follow one another at once; a slow console may put milliseconds between them. */
const mostGapUs = 2_000_000;

/** Where neither the task table nor /proc names the members, only their closeness in time does. */
const mostGapWithoutEvidenceUs = 100_000;

/** Whether `line` can be the continuation of what `last` was part of: same printing context, close in time. */
export function isNear(last: OomLine, line: OomLine, mostUs = mostGapUs): boolean {
  return last.caller === line.caller && isCloseInTime(last, line, mostUs);
}

/** A log without timestamps tells nothing against it. */
export function isCloseInTime(last: OomLine, line: OomLine, mostUs = mostGapUs): boolean {
  if (last.timestampUs === undefined || line.timestampUs === undefined) return true;
  return line.timestampUs - last.timestampUs <= mostUs;
}
