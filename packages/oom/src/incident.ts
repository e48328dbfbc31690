import type { OomLine } from './line.js';
import type { KillLine, SharerLine } from './lines/kill-line.js';
import { isWithin } from './lines/paths.js';
import { isNear } from './near.js';
import { allowsGroup, type Place, placeOf, type Report } from './report.js';

/** One process that died, with its line. */
export interface Death {
  kill: KillLine | SharerLine;
  line: OomLine;
  /** A member of the group for nothing but its closeness to the others: its own container is not claimed. */
  onlyByTime?: boolean;
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
  /** Whether the node says that there will be a group; undefined: it does not say. */
  killsGroup: boolean | undefined;
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

  /** Sequence number of the first kill that has not been given out. */
  get heldSeq(): bigint | undefined {
    return this.deaths[this.given]?.line.seq;
  }

  /** Whether a group that is announced now can be this incident's. */
  acceptsGroup(path: string | undefined, line: OomLine): boolean {
    if (this.group !== undefined || !isNear(this.last, line)) return false;
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

  /** What says that the kill is a member of the announced group; undefined: it is not, as far as is known. */
  membership(kill: KillLine, line: OomLine): 'proc' | 'table' | 'time' | undefined {
    const [first] = this.deaths as [Death];
    if (this.group === undefined || this.deaths.length >= mostMembers) return undefined;
    if (first.kill.type === 'kill' && kill.message !== first.kill.message) return undefined;
    const witnessed = line.witness?.cgroup;
    const { path } = this.group;
    if (witnessed !== undefined && path !== undefined) {
      return isWithin(witnessed, path) && isNear(this.last, line) ? 'proc' : undefined;
    }
    const tasks = this.place?.global ? undefined : this.report?.tasks;
    if (tasks?.isComplete) {
      const listed = tasks.hasProcess(line.witness?.tgid ?? kill.pid);
      return listed && isNear(this.last, line, mostGapInTableUs) ? 'table' : undefined;
    }
    return isNear(this.last, line, mostGapByTimeUs) ? 'time' : undefined;
  }
}

/**
 * The members are printed in one loop under oom_lock, a few milliseconds apart at the most. Without /proc a later kill
 * may be of a sibling in the same table, or of any cgroup where there is no table.
 */
const mostGapInTableUs = 50_000;
const mostGapByTimeUs = 20_000;

/** A group of more processes is given out in parts. */
const mostMembers = 4096;
