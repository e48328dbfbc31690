const two32 = 2 ** 32;

/**
 * Finds what was lost from the numbers themselves: the kernel numbers records without a gap, so a gap is a loss,
 * whatever answer of read(2) came with it. (journald's dev_kmsg_record keeps the next expected number too: a first
 * record with number 0 then needs no special case.)
 */
export class SequenceTracker {
  /** Valid after `advance` returned a loss: the first lost number. */
  lostHigh = 0;
  lostLow = 0;

  #first: bigint | undefined;
  #expectedHigh = 0;
  #expectedLow = 0;

  /**
   * Takes the next record's number and returns how many records are missing before it. A number that goes back begins
   * another boot or another capture, of which nothing is known to be lost.
   */
  advance(high: number, low: number): number {
    let lost = 0;
    if (this.#first === undefined) {
      this.#first = join(high, low);
    } else {
      const gap = (high - this.#expectedHigh) * two32 + (low - this.#expectedLow);
      if (gap > 0) {
        lost = gap;
        this.lostHigh = this.#expectedHigh;
        this.lostLow = this.#expectedLow;
      }
    }
    const wraps = low === two32 - 1;
    this.#expectedHigh = wraps ? high + 1 : high;
    this.#expectedLow = wraps ? 0 : low + 1;
    return lost;
  }

  /** The first and last number taken; undefined before the first. */
  get first(): bigint | undefined {
    return this.#first;
  }

  get last(): bigint | undefined {
    if (this.#first === undefined) return undefined;
    return join(this.#expectedHigh, this.#expectedLow) - 1n;
  }
}

/** A sequence number from its halves (see RecordSplitter). */
export function join(high: number, low: number): bigint {
  return high === 0 ? BigInt(low) : (BigInt(high) << 32n) | BigInt(low);
}
