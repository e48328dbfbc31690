import type { BatchMemory } from './addon-types.js';

/** Ordinary wake-ups are far quicker: a smaller difference is latency, and must not move a timestamp. */
const skewThresholdUs = 250_000;

/**
 * Gives a record's printk timestamp as wall time, from the clocks read together with it. Boot time plus uptime would not
 * do: printk's clock stands still during a suspend, and NTP does not slew it, so that it drifts from CLOCK_MONOTONIC by
 * seconds over weeks.
 */
export class Clock {
  #skewUs = 0;
  #lastSampleUs = Number.POSITIVE_INFINITY;

  /**
   * Microseconds since the epoch at which the record of the row was printed; undefined when its moment of reading is
   * unknown. Give every row of a source, in order: some of them say how far the clocks are apart.
   */
  wallTimeUs(memory: BatchMemory, row: number): number | undefined {
    const monotonicUs = memory.readMonotonicUs[row]!;
    const timestampUs = memory.timestampUs[row]!;
    if (Number.isNaN(monotonicUs)) return undefined;
    this.#learn(monotonicUs - timestampUs, memory.fresh[row] === 1);
    const skewUs = Math.abs(this.#skewUs) > skewThresholdUs ? this.#skewUs : 0;
    return memory.readRealtimeUs[row]! - (monotonicUs - (timestampUs + skewUs));
  }

  /**
   * A sample is the skew plus the time that the record waited to be read. Of a fresh record that is only the wake-up,
   * unless the process was stopped meanwhile: the smaller of two fresh samples is taken. And as no record is read
   * before it is printed, a sample below the skew corrects it, fresh or not.
   */
  #learn(sampleUs: number, fresh: boolean): void {
    if (fresh) {
      this.#skewUs = Math.min(sampleUs, this.#lastSampleUs);
      this.#lastSampleUs = sampleUs;
    } else if (sampleUs < this.#skewUs) {
      this.#skewUs = sampleUs;
    }
  }
}
