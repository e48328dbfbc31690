import type { BatchMemory, ReaderStats } from './addon-types.js';
import { type Batch, RowKind } from './batch.js';
import { isKernel, RecordFilter } from './filter.js';
import { join, SequenceTracker } from './sequence.js';
import { type FolderIo, Snapshots } from './snapshot.js';
import type { SourceOptions } from './source.js';
import { RecordSplitter } from './splitter.js';

/**
 * The largest record of any kernel: CONSOLE_EXT_LOG_MAX up to 6.2, 2048 since. A read with less room loses the record:
 * the kernel answers EINVAL after it has moved on.
 */
export const maxRecordBytes = 8192;

/** A record can bring a loss row with it, */
const rowsPerRecord = 2;
/** and one that says that all before it has been read. */
const rowsWithCaughtUp = 3;

/** Called before a row of the record `seq`; `lastSeq` was read before it. */
export type BeforeRow = (seq: bigint, lastSeq: bigint) => void;

/** The clocks at the moment of reading, microseconds; NaN where there is no such moment. */
export interface ReadingClocks {
  monotonicUs(): number;
  realtimeUs(): number;
}

/**
 * Turns records into the rows of one batch memory: what portable and replay have in common. A record is put at
 * `position` in the arena and then taken; the memory of one that is not kept is used for the next.
 */
export class BatchWriter {
  readonly arena: Uint8Array;
  /** Where the next record belongs; at least `maxRecordBytes` are free there while `hasRoom`. */
  position = 0;
  /** Called while it is there. */
  beforeRow: BeforeRow | undefined;

  readonly #memory: BatchMemory;
  readonly #clocks: ReadingClocks;
  readonly #filter: RecordFilter;
  readonly #snapshots: Snapshots;
  readonly #splitter = new RecordSplitter();
  readonly #sequence = new SequenceTracker();
  readonly #counts = {
    read: 0,
    kept: 0,
    bytes: 0,
    overruns: 0,
    oversize: 0,
    malformed: 0,
    lost: 0,
    ringFull: 0,
    dry: 0,
  };
  readonly #rowsPerRecord: number;
  #rows = 0;

  constructor(
    memory: BatchMemory,
    options: SourceOptions,
    clocks: ReadingClocks,
    folders: FolderIo,
    beforeRow?: BeforeRow,
  ) {
    const rows = beforeRow === undefined ? rowsPerRecord : rowsWithCaughtUp;
    this.beforeRow = beforeRow;
    this.#rowsPerRecord = rows;
    this.arena = memory.arena;
    this.#memory = memory;
    this.#clocks = clocks;
    this.#filter = new RecordFilter(options.keep);
    this.#snapshots = new Snapshots(options.snapshots ?? [], folders);
    const largestRow = maxRecordBytes + this.#snapshots.maxBytes;
    if (memory.kind.length < rows || memory.arena.length < largestRow) {
      throw new RangeError(
        `a batch needs at least ${rows} rows and an arena of ${largestRow} bytes`,
      );
    }
  }

  /** Whether any record, with its loss row and its snapshot, fits into what is left of the batch. */
  get hasRoom(): boolean {
    return (
      this.#rows + this.#rowsPerRecord <= this.#memory.kind.length &&
      this.position + maxRecordBytes + this.#snapshots.maxBytes <= this.arena.length
    );
  }

  get isEmpty(): boolean {
    return this.#rows === 0;
  }

  /** Begins the next batch in the same memory. */
  reset(): void {
    this.#rows = 0;
    this.position = 0;
  }

  batch(): Batch {
    return { memory: this.#memory, length: this.#rows };
  }

  /**
   * Takes the record of `length` bytes at `position`. `fresh`: see BatchMemory.
   *
   * @returns whether it named a process, of which a snapshot was taken.
   */
  record(length: number, fresh: boolean): boolean {
    const { arena, position } = this;
    const splitter = this.#splitter;
    this.#counts.read++;
    this.#counts.bytes += length;
    if (!splitter.split(arena, position, position + length)) {
      this.#counts.malformed++;
      return false;
    }
    const lost = this.#sequence.advance(splitter.seqHigh, splitter.seqLow);
    if (lost > 0) this.#loss(lost);
    const { textStart, textEnd, priority, flag } = splitter;
    if (!this.#filter.keeps(arena, textStart, textEnd, priority, flag)) return false;
    return this.#keep(length, fresh);
  }

  /** Takes the `length` bytes at `position`, of which the end is missing. */
  truncated(length: number): void {
    this.#counts.read++;
    this.#counts.bytes += length;
    this.#counts.malformed++;
  }

  /** Everything that was there at opening has been read, up to this record. */
  caughtUp(lastSeq = this.lastSeq): void {
    this.#row(RowKind.caughtUp, lastSeq);
  }

  /** The record that was taken last; 0 before the first. */
  get lastSeq(): bigint {
    return this.#sequence.last ?? 0n;
  }

  /** EPIPE: the kernel's ring overran the reader. How much was lost shows in the next record's number. */
  overrun(): void {
    this.#counts.overruns++;
  }

  /** EAGAIN: the log was read to its end. */
  dry(): void {
    this.#counts.dry++;
  }

  /** A record larger than `maxRecordBytes` was dropped. */
  oversize(): void {
    this.#counts.oversize++;
  }

  stats(): ReaderStats {
    const { first, last } = this.#sequence;
    if (first === undefined || last === undefined) return { ...this.#counts };
    return { ...this.#counts, firstSeq: first, lastSeq: last };
  }

  #keep(length: number, fresh: boolean): boolean {
    const { arena, position } = this;
    const { seqHigh, seqLow, priority, flag, timestampUs, textStart, textEnd } = this.#splitter;
    const memory = this.#memory;
    const seq = join(seqHigh, seqLow);
    this.beforeRow?.(seq, seq - 1n);
    const row = this.#row(RowKind.record, seq);
    memory.priority[row] = priority;
    memory.flag[row] = flag;
    memory.fresh[row] = fresh ? 1 : 0;
    memory.timestampUs[row] = timestampUs;
    memory.recordLength[row] = length;
    memory.textOffset[row] = textStart;
    memory.textLength[row] = textEnd - textStart;
    const snapshot = position + length;
    const taken = isKernel(priority)
      ? this.#snapshots.take(arena, textStart, textEnd, snapshot)
      : 0;
    memory.snapshotOffset[row] = snapshot;
    memory.snapshotLength[row] = taken;
    this.position = snapshot + taken;
    this.#counts.kept++;
    return taken > 0;
  }

  #loss(lost: number): void {
    const { lostHigh, lostLow } = this.#sequence;
    const seq = join(lostHigh, lostLow);
    this.beforeRow?.(this.lastSeq, seq - 1n);
    const row = this.#row(RowKind.loss, seq);
    this.#memory.lost[row] = lost;
    this.#counts.lost += lost;
  }

  /** Adds a row with nothing in it but its kind, number and moment: the memory still holds the last batch. */
  #row(kind: number, seq: bigint): number {
    const memory = this.#memory;
    const row = this.#rows++;
    memory.kind[row] = kind;
    memory.seq[row] = seq;
    memory.readMonotonicUs[row] = this.#clocks.monotonicUs();
    memory.readRealtimeUs[row] = this.#clocks.realtimeUs();
    memory.priority[row] = 0;
    memory.flag[row] = 0;
    memory.fresh[row] = 0;
    memory.timestampUs[row] = 0;
    memory.lost[row] = 0;
    memory.recordOffset[row] = this.position;
    memory.recordLength[row] = 0;
    memory.textOffset[row] = this.position;
    memory.textLength[row] = 0;
    memory.snapshotOffset[row] = this.position;
    memory.snapshotLength[row] = 0;
    return row;
  }
}
