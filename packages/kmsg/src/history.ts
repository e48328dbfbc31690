import { readCursor } from './cursor.js';
import type { LogOptions } from './log-options.js';

/**
 * What is read and not given out: the log from before the start, and what the reader that is resumed has given
 * out. It is read all the same, so that a report which is being printed at the start is whole.
 */
export class History {
  /** The reader that is resumed stopped here. */
  readonly resumedSeq: bigint | undefined;
  readonly #skipsAll: boolean;
  #skipUntil: bigint | undefined;
  #isLive = false;

  /** @param bootId of the log that is read; undefined: of a capture */
  constructor(
    options: Pick<LogOptions, 'capture' | 'cursor' | 'from'>,
    bootId: string | undefined,
  ) {
    const { capture, cursor, from } = options;
    const stopped = cursor === undefined ? undefined : readCursor(cursor);
    if (stopped?.bootId === bootId) this.resumedSeq = stopped?.seq;
    this.#skipUntil = this.resumedSeq;
    this.#skipsAll = capture === undefined && cursor === undefined && from !== 'boot';
  }

  /** All that was in the log at the start has been read. */
  caughtUp(seq: bigint): void {
    if (this.#skipsAll) this.#skipUntil = seq;
    this.#isLive = true;
  }

  /** What happened before the start is not given out. */
  get dropsPast(): boolean {
    return this.#skipsAll;
  }

  get isLive(): boolean {
    return this.#isLive;
  }

  holds(seq: bigint): boolean {
    if (!this.#isLive && this.#skipsAll) return true;
    return this.#skipUntil !== undefined && seq <= this.#skipUntil;
  }

  /** How many records the log had already dropped when a resumed reader began with its oldest one. */
  lostBefore(firstSeq: bigint | undefined): { seq: bigint; lost: number } | undefined {
    const { resumedSeq } = this;
    if (resumedSeq === undefined || firstSeq === undefined) return undefined;
    const seq = resumedSeq + 1n;
    return firstSeq > seq ? { seq, lost: Number(firstSeq - seq) } : undefined;
  }
}
