import type { OomWitness, WitnessRecord } from '@oomwatcher/kmsg';
import { type Kill, killedProcess, type OomLine, type Witness } from '@oomwatcher/oom';
import { readKernelKills } from '../node/kernel-kills.js';
import type { Account } from './account.js';
import { KernelCount } from './kernel-count.js';
import { KillRecords } from './kill-records.js';
import type { ReadingState } from './last-count.js';
import { LostRecords } from './lost-records.js';
import type { CgroupKills } from './oom-counters.js';
import type { PlaceSource, ToldKill } from './place-source.js';
import { killOf, witnessOf } from './witnessed.js';

/** What the join is fed from. */
export type WitnessSource = Pick<OomWitness, 'read' | 'release' | 'close'>;

/** How often a held kill's line is looked for. */
const lookEveryMs = 1;

/**
 * Tells of kills by what the kernel told at the kill itself: a record is a kill, with its line or without, and its line is
 * its confirmation. See KillRecords for how the two are joined.
 */
export class KernelWitness implements PlaceSource {
  /** Called when there is something new. */
  onNews = () => {};
  readonly #witness: WitnessSource;
  readonly #records = new KillRecords();
  readonly #count = new KernelCount();
  #passed: WitnessRecord[] = [];
  #isLive = false;
  #isClosed = false;
  #released = 0;
  #lost = new LostRecords();
  #dropped = 0;
  #node: { bootId: string; reading: ReadingState } | undefined;

  constructor(open: (onWake: () => void) => WitnessSource) {
    this.#witness = open(() => this.onNews());
  }

  /** Where it is: without it lost kills are only counted. `readCounters`: see LostRecords. */
  on(bootId: string, reading: ReadingState, readCounters?: () => readonly CgroupKills[]): this {
    this.#node = { bootId, reading };
    this.#lost = new LostRecords(readCounters);
    return this;
  }

  /** @param dropsPast whether what was killed before is not this watch's */
  begin(dropsPast = false): void {
    this.#read();
    if (dropsPast) this.#records.forget();
    this.#records.restart(performance.now());
    this.#count.begin();
    this.#isLive = true;
  }

  victimOf(line: OomLine): Witness | undefined {
    const killed = killedProcess(line);
    if (killed === undefined) return undefined;
    this.#read();
    const { timestampUs } = line;
    const joined = this.#records.join({
      ...killed,
      ...(timestampUs !== undefined && { timestampUs }),
    });
    if (joined === undefined) {
      if (this.#isLive) this.#lost.lineAlone();
      this.#counted();
      return undefined;
    }
    this.#passed.push(...joined.passed);
    this.#counted(joined.passed.filter(isCounted).length + (joined.isTold ? 0 : 1));
    return witnessOf(joined.record, joined.isTold);
  }

  takePassed(): ToldKill[] {
    return this.#passed.splice(0).map(toldKill);
  }

  takeToldKills(nowMs: number): ToldKill[] {
    this.#read();
    if (!this.#isLive) return this.takePassed();
    const due = this.#records.takeDue(nowMs);
    this.#counted(due.filter(isCounted).length);
    return [...this.takePassed(), ...due.map(toldKill)];
  }

  awaitsLine(): boolean {
    return this.#isLive && this.#records.waitMs(0) !== undefined;
  }

  waitMs(nowMs: number): number | undefined {
    const waitMs = this.#isLive ? this.#records.waitMs(nowMs) : undefined;
    const lostMs = this.#lost.waitMs(nowMs);
    if (waitMs === undefined) return lostMs;
    return Math.min(waitMs, lookEveryMs, lostMs ?? lookEveryMs);
  }

  acknowledge(): void {
    const done = this.#records.toldCount;
    if (this.#isClosed || done === this.#released || this.#passed.length > 0) return;
    this.#witness.release(done - this.#released);
    this.#released = done;
  }

  recordsLost(nowMs: number): void {
    this.#lost.look(nowMs);
  }

  takeKills(nowMs: number): Kill[] {
    const { reading, bootId } = this.#node ?? {};
    const total = readKernelKills();
    if (reading === undefined || bootId === undefined || total === undefined) return [];
    const kills = this.#lost.take(nowMs, this.#count.account(), reading, bootId, total);
    this.#count.lost(kills.length);
    return kills;
  }

  account(): Account | undefined {
    return this.#count.account();
  }

  close(): void {
    this.#isClosed = true;
    this.#witness.close();
  }

  #read(): void {
    if (this.#isClosed) return;
    const nowMs = performance.now();
    for (let read = this.#witness.read(); read.length > 0; read = this.#witness.read()) {
      for (const record of read) this.#add(record, nowMs);
    }
  }

  #add(record: WitnessRecord, nowMs: number): void {
    this.#records.add(record, nowMs);
    const hasGap = this.#lost.record(record);
    if (hasGap || record.dropped > this.#dropped) this.#lost.look(nowMs);
    this.#dropped = record.dropped;
  }

  #counted(kills = 1): void {
    if (this.#isLive && kills > 0) this.#count.counted(kills);
  }
}

/** The kernel counts all but those who die beside the victim. */
function isCounted({ kind }: WitnessRecord): boolean {
  return kind !== 'sharer';
}

function toldKill(record: WitnessRecord): ToldKill {
  const { kind, process } = record;
  if (kind === 'again') return { kind };
  if (kind === 'sharer') return { kind, process: { pid: process.tgid, name: process.name } };
  return { kind, kill: killOf(record) };
}
