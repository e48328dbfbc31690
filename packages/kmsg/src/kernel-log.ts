import type { BatchMemory } from './addon-types.js';
import { RowKind } from './batch.js';
import { readBootId } from './boot-id.js';
import { checkLogOptions } from './check-options.js';
import { Clock } from './clock.js';
import { newCursor } from './cursor.js';
import { History } from './history.js';
import type { Cursor, LogOptions } from './log-options.js';
import { type LogRecord, logRecord } from './log-record.js';
import { Told } from './logger.js';
import { openLog } from './open-log.js';
import { Reading } from './reading.js';
import type { KmsgSource } from './source.js';

/** What is read of a log, in its order; `seq` is the kernel's number of the record. */
export type LogEvent =
  | { kind: 'record'; seq: bigint; record: LogRecord }
  /** `lost` records from `seq` on are gone: the log overran its reader, or was overrun before a resumed one began. */
  | { kind: 'loss'; seq: bigint; lost: number }
  /** Everything that was in the log at the start has been read; from here on it is live. */
  | { kind: 'watching'; seq: bigint };

/** Counts since the reading began. */
export interface LogReadingStats {
  /** Records given out. */
  records: number;
  /** Records of the log that nobody can read any more. */
  lost: number;
  /** Records read, given out or from before the start. */
  read: number;
  /** How many of them had no valid prefix, and are given out by nobody. */
  malformed: number;
}

/** Every record: nothing is left out, and fragments are given as they come. */
const keepAll = { rules: [], fragments: true };

/**
 * Reads the kernel's log as objects, every record of it once, and counts what is lost. What is read waits in bounded memory
 * (the kernel's own ring, and 8 MiB of the addon's) for whoever iterates; what finds both full is a loss.
 *
 * @throws KmsgError when the log cannot be opened, or an option is none (`ERR_INVALID_ARG_VALUE`).
 */
export function readLog(options: LogOptions = {}): KernelLog {
  return new KernelLog(options);
}

/** One reading of the log. Iterate it for records, or `events()` for losses too; one consumer, once. */
export class KernelLog extends Reading<LogEvent, LogRecord> {
  readonly #bootId: string | undefined;
  readonly #source: KmsgSource;
  readonly #history: History;
  readonly #told: Told;
  readonly #clock = new Clock();
  #doneSeq: bigint | undefined;
  #records = 0;
  #lost = 0;

  constructor(options: LogOptions) {
    checkLogOptions(options);
    const told = new Told(options);
    const bootId = options.capture === undefined ? readBootId() : undefined;
    const history = new History(options, bootId);
    const opened = openLog(options, { keep: keepAll });
    super(opened, told, options);
    this.#told = told;
    this.#bootId = bootId;
    this.#history = history;
    this.#source = opened.source;
    this.opened();
  }

  /** Where to resume: what was given out is up to here, and nothing after it. undefined: of a capture, or none yet. */
  get cursor(): Cursor | undefined {
    if (this.#bootId === undefined || this.#doneSeq === undefined) return undefined;
    return newCursor(this.#bootId, this.#doneSeq);
  }

  stats(): LogReadingStats {
    const { read, malformed } = this.#source.stats();
    return { records: this.#records, lost: this.#lost, read, malformed };
  }

  protected async *read(): AsyncGenerator<LogEvent, void, undefined> {
    try {
      let isFirst = true;
      for (;;) {
        const batch = await this.#source.next();
        if (batch === undefined) break;
        if (isFirst) yield* this.#lostBefore();
        isFirst = false;
        for (let row = 0; row < batch.length; row++) yield* this.#row(batch.memory, row);
      }
    } finally {
      this.close();
    }
    this.refuseNoCapture();
  }

  protected itemOf(event: LogEvent): LogRecord | undefined {
    return event.kind === 'record' ? event.record : undefined;
  }

  *#row(memory: BatchMemory, row: number): Generator<LogEvent> {
    const seq = memory.seq[row] as bigint;
    switch (memory.kind[row]) {
      case RowKind.record: {
        // Also for one that is not given out: it says how far the clocks are apart.
        const wallTimeUs = this.#clock.wallTimeUs(memory, row);
        const isOld = this.#history.holds(seq);
        this.#doneSeq = seq;
        if (isOld) return;
        this.#records++;
        yield { kind: 'record', seq, record: logRecord(memory, row, wallTimeUs) };
        return;
      }
      case RowKind.loss: {
        const lost = memory.lost[row] as number;
        const isOld = this.#history.holds(seq);
        this.#doneSeq = seq + BigInt(lost) - 1n;
        if (!isOld) yield this.#loss(seq, lost);
        return;
      }
      case RowKind.caughtUp:
        this.#history.caughtUp(seq);
        this.#told.watching(seq);
        this.#doneSeq = seq;
        yield { kind: 'watching', seq };
    }
  }

  /** What a resumed reading can no longer read. */
  *#lostBefore(): Generator<LogEvent> {
    const before = this.#history.lostBefore(this.#source.stats().firstSeq);
    if (before !== undefined) yield this.#loss(before.seq, before.lost);
  }

  #loss(seq: bigint, lost: number): LogEvent {
    this.#lost += lost;
    this.#told.lost(lost);
    return { kind: 'loss', seq, lost };
  }
}
