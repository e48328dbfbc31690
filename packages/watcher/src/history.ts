import { readCursor } from './cursor.js';
import type { WatchOptions } from './options.js';

/**
 * What a watch reads and does not give out: the log from before its start, and what the watch that it resumes has given
 * out. It is read all the same, so that a report which is being printed at the start is whole.
 */
export class History {
  /** The watch that is resumed stopped here. */
  readonly resumedSeq: bigint | undefined;
  readonly #skipsAll: boolean;
  #skipUntil: bigint | undefined;
  #isLive = false;

  /** @param bootId of the log that is read; undefined: of a capture */
  constructor(options: WatchOptions, bootId: string | undefined) {
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

  /** What was killed before the start is not this watch's. */
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

  /** How many records the log had already dropped when a resumed watch began with its oldest one. */
  lostBefore(firstSeq: bigint | undefined): { seq: bigint; lost: number } | undefined {
    const { resumedSeq } = this;
    if (resumedSeq === undefined || firstSeq === undefined) return undefined;
    const seq = resumedSeq + 1n;
    return firstSeq > seq ? { seq, lost: Number(firstSeq - seq) } : undefined;
  }
}
