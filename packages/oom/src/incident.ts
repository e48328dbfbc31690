import type { Kill, Missing } from './kill.js';
import type { OomLine } from './line.js';
import type { KillLine, SharerLine } from './lines/kill-line.js';
import { isWithin } from './lines/paths.js';
import { clockOf, hasSameDate, isCloseInTime, isNear } from './near.js';
import { pageSizeOf } from './page-size.js';
import { allowsGroup, type Place, placeOf, type Report } from './report.js';

/** One process that died, with its line. */
export interface Death {
  kill: KillLine | SharerLine;
  line: OomLine;
  /** A member of the group for nothing but its closeness to the others: its own container is not claimed. */
  onlyByTime?: boolean;
  /** The kernel told it at the kill itself, and its line has not been read. */
  hasNoLine?: boolean;
  /** Its record, once that has been given out. */
  given?: Kill;
}

/** What says that a kill is a member of an announced group. Only `time` is not certain. */
export type Evidence = 'proc' | 'table' | 'time';

/**
 * What one call of the OOM killer did: the first kill, with its report where the kernel printed one, and with a
 * memory.oom.group the kills of the other members. Kills wait here until it is known whether more belong to them.
 */
export class Incident {
  readonly report: Report | undefined;
  /** Where the first kill happened; undefined without a report. */
  readonly place: Place | undefined;
  /** What a page of the node has, as far as the report says. */
  readonly pageSizeKiB: number | undefined;
  readonly deaths: Death[];
  /** The members' cgroup, once the kernel has announced the group. */
  group: { path: string | undefined } | undefined;
  /** Whether the node says that there will be a group; undefined: it does not say. */
  killsGroup: boolean | undefined;
  /** Records were lost while it was open. */
  interrupted = false;
  /** Why a part of its report is not there, should one be missing. */
  missing: Missing | undefined;
  /** The last line that belonged to it. */
  last: OomLine;

  constructor(first: Death, report: Report | undefined) {
    this.report = report;
    this.place =
      report === undefined || first.kill.type !== 'kill'
        ? undefined
        : placeOf(report, first.kill, first.line);
    this.pageSizeKiB =
      report === undefined || first.kill.type !== 'kill'
        ? undefined
        : pageSizeOf(report, first.kill);
    this.deaths = [first];
    this.last = first.line;
  }

  /** Sequence number of the first kill that has not been given out. */
  get heldSeq(): bigint | undefined {
    return this.deaths.find(({ given }) => given === undefined)?.line.seq;
  }

  /** Whether a group that is announced now can be this incident's: its announcement is the kernel's next line after the kill. */
  acceptsGroup(path: string | undefined, line: OomLine): boolean {
    if (this.group !== undefined || !isNear(this.last, line, groupLastsUs)) return false;
    const [first] = this.deaths as [Death];
    if (path === undefined) return true;
    if (this.place !== undefined && !allowsGroup(this.place, path)) return false;
    return first.line.witness?.cgroup === undefined || isWithin(first.line.witness.cgroup, path);
  }

  /**
   * A member that was logged already: kernels print a group's first victim twice. Later than that its figures must be
   * the same, for the kernel gives numbers of processes again.
   */
  isRepeat({ kill, line }: Death): boolean {
    const near = isCloseInTime(this.last, line);
    return this.deaths.some(
      ({ kill: earlier }) =>
        earlier.pid === kill.pid &&
        earlier.comm === kill.comm &&
        (near || (clockOf(this.last, line) !== 'none' && hasSameFigures(earlier, kill))),
    );
  }

  /** Whether the kernel may be printing the announced group still, and the kill not be another's for certain. */
  mayHold({ kill, line }: Death): boolean {
    const [first] = this.deaths as [Death];
    if (this.group === undefined || this.deaths.length >= maxMembers) return false;
    if (kill.type !== 'kill' || first.kill.type !== 'kill') return false;
    if (kill.message !== first.kill.message) return false;
    // oom_kill_memcg_member leaves out what must not be killed.
    if (kill.oomScoreAdj === -1000 || !isNear(this.last, line, groupLastsUs)) return false;
    const witnessed = line.witness?.cgroup;
    const { path } = this.group;
    return witnessed === undefined || path === undefined || isWithin(witnessed, path);
  }

  /**
   * What says that the kill is a member of the announced group; undefined: it is not, as far as is known. The kernel holds
   * one lock from the report to the last member (oom_lock), however long it stands still in between, so that only a kill
   * of another call can be mistaken for one: one whose report was withheld.
   *
   * @param mayBeWithheld whether the kernel can have withheld a report at this line
   */
  membership(death: Death, mayBeWithheld: boolean): Evidence | undefined {
    if (!this.mayHold(death) || death.kill.type !== 'kill') return undefined;
    const { kill, line } = death;
    const path = this.group?.path;
    if (line.witness?.cgroup !== undefined && path !== undefined) return 'proc';
    const tasks = this.report?.tasks;
    if (tasks?.isComplete) {
      if (!tasks.hasProcess(line.witness?.tgid ?? kill.pid)) return undefined;
      if (!mayBeWithheld || this.#killsWholeTable) return 'table';
      if (this.place?.global) return this.#isMemberByTime(kill, line) ? 'time' : undefined;
      return isInStep(this.last, line, maxGapInTableUs) ? 'table' : undefined;
    }
    return this.#isMemberByTime(kill, line) ? 'time' : undefined;
  }

  /** The group's cgroup is the one whose limit was hit, and so everything in the table dies. */
  get #killsWholeTable(): boolean {
    const path = this.group?.path;
    return path !== undefined && this.place?.certain === true && this.place.limit === path;
  }

  #isMemberByTime(kill: KillLine, line: OomLine): boolean {
    switch (clockOf(this.last, line)) {
      case 'fine':
        return isNear(this.last, line, maxGapByTimeUs);
      case 'coarse': {
        // A second is long in a storm: a member of a container mostly has the user of the others.
        const [first] = this.deaths as [Death];
        const uid = first.kill.type === 'kill' ? first.kill.uid : undefined;
        const isOfSameUser = uid === undefined || kill.uid === undefined || uid === kill.uid;
        return isOfSameUser && hasSameDate(this.last, line);
      }
      default:
        return false;
    }
  }

  /** The last kills that nothing but the time makes members, at most so many, are taken out again. */
  takeDoubtful(max: number): Death[] {
    const taken: Death[] = [];
    while (taken.length < max && this.deaths.at(-1)?.onlyByTime) {
      taken.unshift(this.deaths.pop() as Death);
    }
    return taken;
  }

  /** Every process of the table has been reported, so that nothing can follow. */
  get isWhole(): boolean {
    if (this.group === undefined || !this.#killsWholeTable) return false;
    const tasks = this.report?.tasks;
    return tasks?.isComplete === true && tasks.size <= this.deaths.length;
  }
}

/** A group is over when the kernel is silent for so long; the numbers of its processes may be given again. */
const groupLastsUs = 60_000_000;

/**
 * The members are printed in one loop, a few milliseconds apart where nothing stops it. Without /proc a later kill
 * may be of a sibling in the same table, or of any cgroup where there is no table.
 */
const maxGapInTableUs = 50_000;
const maxGapByTimeUs = 20_000;

/** A group of more processes is given out in parts. */
const maxMembers = 4096;

function isInStep(last: OomLine, line: OomLine, maxUs: number): boolean {
  const clock = clockOf(last, line);
  if (clock === 'none') return false;
  return clock === 'fine' ? isNear(last, line, maxUs) : hasSameDate(last, line);
}

/** The second line of a process that is dying: what it had is the same, or partly freed. */
function hasSameFigures(earlier: Death['kill'], later: Death['kill']): boolean {
  if (earlier.type !== 'kill' || later.type !== 'kill') return false;
  return (
    earlier.totalVmKiB === later.totalVmKiB &&
    earlier.uid === later.uid &&
    (later.anonRssKiB ?? 0) <= (earlier.anonRssKiB ?? 0)
  );
}
