import type { WitnessRecord } from '@oomwatcher/kmsg';
import type { KilledProcess } from '@oomwatcher/oom';

/** Records whose line has not been read: in a storm a few, and all of those whose lines a flood ran over. */
const maxWaiting = 4096;

/**
 * So long a kill is held for its line, which the kernel prints right after the record. It costs nothing but that time: the
 * line then brings the clock of the log and, where there is one, the rest of the report.
 */
export const lineWithinMs = 5;

/**
 * The two clocks drift apart, so that they never join a line to a record; but a line of another hour is another process's,
 * whatever its number.
 */
const sameHourUs = 600_000_000;

export interface Joined {
  record: WitnessRecord;
  /** It was given out before its line was read. */
  isTold: boolean;
  /** Those before it that were not given out: their lines are lost. */
  passed: WitnessRecord[];
}

interface Waiting {
  record: WitnessRecord;
  /** How many records came before it. */
  index: number;
  sinceMs: number;
  isTold: boolean;
}

/**
 * Joins the kernel's records of kills to the lines of the log by their order, and by what both know of the process. The
 * kernel makes one kill after the other (oom_lock), and writes the record before the line. So both come in the same order,
 * a line's record is there when it is read, and what either side has lost is passed over.
 *
 * Pure: records and lines in, pairs out.
 */
export class KillRecords {
  #waiting: Waiting[] = [];
  #count = 0;

  add(record: WitnessRecord, nowMs: number): void {
    const last = this.#waiting.at(-1);
    // What looked like a sharer was the beginning of this kill.
    if (
      record.kind === 'kill' &&
      last?.record.kind === 'sharer' &&
      isSameProcess(last.record, record)
    ) {
      this.#waiting.pop();
    }
    this.#waiting.push({ record, index: this.#count++, sinceMs: nowMs, isTold: false });
  }

  /** The line's record. undefined: it is lost, or of before. */
  join(line: KilledProcess & { timestampUs?: number }): Joined | undefined {
    const at = this.#waiting.findIndex(({ record }) => isOf(record, line));
    if (at < 0) return undefined;
    const { record, isTold } = this.#waiting[at] as Waiting;
    const passed = this.#waiting.slice(0, at).filter((before) => !before.isTold);
    this.#waiting = this.#waiting.slice(at + 1);
    return { record, isTold, passed: passed.map((before) => before.record) };
  }

  /** Those that are not held for their line any longer, in their order. They still know it when it comes. */
  takeDue(nowMs: number): WitnessRecord[] {
    const due: WitnessRecord[] = [];
    for (const [at, waiting] of this.#waiting.entries()) {
      if (waiting.isTold) continue;
      const isHeld = nowMs - waiting.sinceMs < lineWithinMs;
      if (isHeld && !this.#isSharerOfKnown(at) && this.#waiting.length - at <= maxWaiting) break;
      waiting.isTold = true;
      due.push(waiting.record);
    }
    this.#waiting = this.#waiting.filter(
      ({ record, isTold }) => !isTold || record.kind !== 'sharer',
    );
    if (this.#waiting.length > maxWaiting) {
      this.#waiting = this.#waiting.slice(-maxWaiting);
    }
    return due;
  }

  /** Milliseconds until `takeDue` gives something; undefined: nothing is held. */
  waitMs(nowMs: number): number | undefined {
    const held = this.#waiting.find(({ isTold }) => !isTold);
    return held && Math.max(0, held.sinceMs + lineWithinMs - nowMs);
  }

  /** From now on they are held. */
  restart(nowMs: number): void {
    for (const waiting of this.#waiting) waiting.sinceMs = nowMs;
  }

  forget(): void {
    this.#waiting = [];
  }

  /** How many records, the oldest, wait for nothing but perhaps their line. */
  get toldCount(): number {
    return this.#waiting.find(({ isTold }) => !isTold)?.index ?? this.#count;
  }

  /** Something is behind it, so that it is no beginning of a kill. */
  #isSharerOfKnown(at: number): boolean {
    return this.#waiting[at]?.record.kind === 'sharer' && at + 1 < this.#waiting.length;
  }
}

function isSameProcess(
  { process: one }: WitnessRecord,
  { process: other }: WitnessRecord,
): boolean {
  return one.tgid === other.tgid && one.startBoottimeNs === other.startBoottimeNs;
}

function isOf(
  { kind, process, monotonicUs }: WitnessRecord,
  {
    pid,
    name,
    uid,
    oomScoreAdj,
    totalVmKiB,
    timestampUs,
  }: KilledProcess & { timestampUs?: number },
): boolean {
  return (
    kind !== 'sharer' &&
    process.pid === pid &&
    process.name === name &&
    isSame(process.totalVmKiB, totalVmKiB) &&
    isSame(process.uid, uid) &&
    isSame(process.oomScoreAdj, oomScoreAdj) &&
    (timestampUs === undefined || Math.abs(timestampUs - monotonicUs) < sameHourUs)
  );
}

/** Where one side does not tell, the other's word says nothing against it. */
function isSame(one: number | undefined, other: number | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}
