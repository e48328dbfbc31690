import {
  type OomWitness,
  openOomWitness,
  type WitnessedLevel,
  type WitnessOptions,
  type WitnessRecord,
  type WitnessStats,
} from '@oomwatcher/kmsg';
import {
  decodeName,
  type KilledProcess,
  killedProcess,
  type OomLine,
  type Witness,
} from '@oomwatcher/oom';
import type { Place, PlaceSource } from './place-source.js';

/** Whether the kernel itself reports kills, and why, in one sentence; where it does, what its program has counted. */
export interface WitnessState {
  live: boolean;
  reason: string;
  stats?: WitnessStats;
}

/** Where its program is from; default: it is loaded here. `refused`: why it cannot be had, as somebody else was told. */
export type WitnessProgram = Pick<WitnessOptions, 'pins' | 'handed'> & { refused?: string };

export interface OpenedWitness {
  state(): WitnessState;
  source?: KernelWitness;
}

/** Records whose line has not come, and lines whose record has not: in a storm a few of either. */
const maxWaiting = 4096;

/** undefined: it was not asked for. @throws when it was required and cannot be had. */
export function openWitness(
  how: 'auto' | 'off' | 'require' = 'off',
  { refused, ...program }: WitnessProgram = {},
): OpenedWitness | undefined {
  if (how === 'off') return undefined;
  try {
    if (refused !== undefined) throw new Error(refused);
    let opened: OomWitness | undefined;
    const source = new KernelWitness((onWake) => {
      opened = openOomWitness(program, onWake);
      return opened;
    });
    const stats = () => (opened as OomWitness).stats();
    const reason = reasonOf(stats());
    return { state: () => ({ live: true, reason, stats: stats() }), source };
  } catch (error) {
    if (how === 'require') throw error;
    return { state: () => ({ live: false, reason: (error as Error).message }) };
  }
}

function reasonOf({ pinned, pinsMessage }: WitnessStats): string {
  const sees = 'a program sees each kill';
  if (pinned) return `${sees}, also while no agent runs`;
  return pinsMessage === undefined ? sees : `${sees}, while this agent runs: ${pinsMessage}`;
}

/**
 * Places a kill by what the kernel reported at the kill itself.
 *
 * Lines and records are joined by their order, pid, name and the size of the address space, never by time: the log has
 * another clock. The kernel makes one kill after the other (oom_lock), so both come in the same order, and where one side
 * has lost some, those of the other are passed over.
 */
export class KernelWitness implements PlaceSource {
  readonly #witness: Pick<OomWitness, 'read' | 'close'>;
  #records: WitnessRecord[] = [];
  #lines: (KilledProcess & { seq: bigint })[] = [];
  #isLive = false;

  constructor(open: (onWake: () => void) => Pick<OomWitness, 'read' | 'close'>) {
    // Records are asked for when a line comes, and while one waits.
    this.#witness = open(() => {});
  }

  /** Lines of before may be as old as the boot, and their pids other processes' by now. */
  begin(): void {
    this.#isLive = true;
  }

  victimOf(line: OomLine): Witness | undefined {
    if (!this.#isLive) return undefined;
    const killed = killedProcess(line);
    if (killed === undefined) return undefined;
    this.#read();
    const record = this.#take(killed);
    if (record !== undefined) return witnessOf(record);
    if (line.seq !== undefined && this.#lines.length < maxWaiting) {
      this.#lines.push({ ...killed, seq: line.seq });
    }
    return undefined;
  }

  mayPlace(seq: bigint): boolean {
    return this.#lines.some((line) => line.seq === seq);
  }

  placed(seq: bigint): void {
    this.abandon(seq);
  }

  abandon(seq: bigint): void {
    this.#lines = this.#lines.filter((line) => line.seq !== seq);
  }

  takePlaces(): Place[] {
    if (this.#lines.length === 0) return [];
    this.#read();
    const places: Place[] = [];
    for (const line of this.#lines) {
      const record = this.#take(line);
      const path = record && pathOf(record.levels, record.levelsCut);
      if (path === undefined || path === '/') continue;
      places.push({ seq: line.seq, path: decodeName(path), from: 'kernel' });
    }
    for (const { seq } of places) this.abandon(seq);
    return places;
  }

  close(): void {
    this.#witness.close();
  }

  #read(): void {
    for (let read = this.#witness.read(); read.length > 0; read = this.#witness.read()) {
      // A process that dies because it shares the memory has no line.
      this.#records.push(...read.filter(({ kind }) => kind !== 'sharer'));
    }
    if (this.#records.length > maxWaiting) this.#records = this.#records.slice(-maxWaiting);
  }

  /** The record of a line, and those before it, whose lines are lost, are done with. */
  #take(killed: KilledProcess): WitnessRecord | undefined {
    const index = this.#records.findIndex((record) => isOf(record, killed));
    if (index < 0) return undefined;
    const record = this.#records[index];
    this.#records = this.#records.slice(index + 1);
    return record;
  }
}

function isOf({ process }: WitnessRecord, { pid, name, totalVmKiB }: KilledProcess): boolean {
  return (
    process.pid === pid &&
    process.name === name &&
    (totalVmKiB === undefined ||
      process.totalVmKiB === undefined ||
      process.totalVmKiB === totalVmKiB)
  );
}

function witnessOf(record: WitnessRecord): Witness {
  const { process, trigger, levels, levelsCut } = record;
  const witness: Witness = { from: 'kernel', tgid: process.tgid };
  if (process.firstOfPidNamespace !== undefined) {
    witness.mainProcess = process.firstOfPidNamespace;
  }
  const path = pathOf(levels, levelsCut);
  if (path !== undefined) witness.cgroup = path;
  if (trigger !== undefined) witness.trigger = { pid: trigger.pid, name: trigger.name };
  const limit = limitOf(record);
  const limitPath = limit && pathOf(levels?.slice(levels.indexOf(limit)), levelsCut);
  if (limit !== undefined && limitPath !== undefined) {
    const { usageKiB, limitKiB } = limit;
    witness.limit = limitPath;
    witness.memory = limitKiB === undefined ? { usageKiB } : { usageKiB, limitKiB };
  }
  return witness;
}

/** Latin1. undefined: it is not known up to the root. */
function pathOf(levels: readonly WitnessedLevel[] | undefined, cut = false): string | undefined {
  if (levels === undefined || cut) return undefined;
  const names = levels.map(({ name }) => name).filter((name) => name !== '');
  return `/${names.reverse().join('/')}`;
}

/** How much a cgroup whose limit was hit may have left: a charge is of up to 64 pages (MEMCG_CHARGE_BATCH). */
const fullWithinKiB = 256;

/**
 * The level whose limit was hit: the kernel's own word of it, else the only one that is full and that the trigger is in or
 * below. Where several are, or none any more, nobody knows.
 */
export function limitOf({ levels = [], control }: WitnessRecord): WitnessedLevel | undefined {
  if (control !== undefined) return levels.find(({ id }) => id === control.limitCgroupId);
  const full = levels.filter(
    ({ limitKiB, usageKiB, aboveTrigger }) =>
      aboveTrigger === true && limitKiB !== undefined && limitKiB - usageKiB <= fullWithinKiB,
  );
  return full.length === 1 ? full[0] : undefined;
}
