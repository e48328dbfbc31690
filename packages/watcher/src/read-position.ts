import type { KmsgSource } from '@oomwatcher/kmsg';

/** How far the log has been read and taken. The source runs ahead of who takes its rows. */
export class ReadPosition {
  readonly #source: KmsgSource;
  #recordsTaken = 0;
  #lossesTaken = 0;
  #processedSeq = -1n;

  constructor(source: KmsgSource) {
    this.#source = source;
  }

  recordTaken(): void {
    this.#recordsTaken++;
  }

  /** So many records are lost: what the source counts as lost has arrived here. */
  lossTaken(lost: number): void {
    this.#lossesTaken += lost;
  }

  /** The events of all records up to here have been made. */
  processed(seq: bigint): void {
    this.#processedSeq = seq;
  }

  /** The last record whose events have been made; -1: none yet. */
  get processedSeq(): bigint {
    return this.#processedSeq;
  }

  /** The first record that the source could read. */
  firstSeq(): bigint | undefined {
    return this.#source.stats().firstSeq;
  }

  /** How often the source has read the log to its end. */
  timesDry(): number {
    return this.#source.stats().dry;
  }

  /** Whether every record that the source has kept or counted as lost has been taken. */
  hasTakenAll(): boolean {
    const { kept, lost } = this.#source.stats();
    return kept === this.#recordsTaken && lost === this.#lossesTaken;
  }

  /**
   * The last record that is done with, of a live log. Records that the source read and did not keep are done with too: a
   * cursor that stayed at the last one kept would count them as lost when the ring has moved on. The source counts a
   * record as read before it hands it over, so once everything has been taken this is the last but one of those read.
   */
  doneSeq(): bigint {
    const { lastSeq = 0n } = this.#source.stats();
    return this.hasTakenAll() && lastSeq > this.#processedSeq ? lastSeq - 1n : this.#processedSeq;
  }
}
