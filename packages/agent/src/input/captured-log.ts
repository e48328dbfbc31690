import {
  type LogFormat,
  type LogLine,
  LogReader,
  type LogReaderOptions,
  type LogStats,
} from '@oomwatcher/kmsg/formats';
import { captureHeadlines, type MachineStats, type OomEvent, OomMachine } from '@oomwatcher/oom';

/**
 * Understands a captured log of any format: bytes in, kills and outcomes out. A log can hold several boots, or captures
 * one after another; a report never goes on across their borders.
 */
export class CapturedLog {
  readonly #reader: LogReader;
  readonly #name: string;
  #machine: OomMachine;
  #machines = 1;
  #bootId: string | undefined;
  readonly #earlier = { repeats: 0, forged: 0 };

  /** @param name stands for the boot id in the ids of a log that tells none */
  constructor(name: string, options: Omit<LogReaderOptions, 'headlines'> = {}) {
    this.#reader = new LogReader({ ...options, headlines: captureHeadlines });
    this.#name = name;
    this.#machine = new OomMachine({ captureName: name });
  }

  /** Takes the next bytes and gives what is finished by them. */
  push(chunk: Uint8Array): OomEvent[] {
    return this.#understand(this.#reader.push(chunk));
  }

  /** The log is at its end. */
  end(): OomEvent[] {
    const events = this.#understand(this.#reader.end());
    this.#machine.flush();
    return [...events, ...this.#machine.take()];
  }

  /** undefined: nothing that can be read. */
  get format(): LogFormat | undefined {
    return this.#reader.format;
  }

  /** Whether lines that user space forged can be told from the kernel's. */
  get tellsForgeries(): boolean {
    return this.#reader.hasPriority;
  }

  get stats(): Pick<MachineStats, 'repeats' | 'forged'> &
    Pick<LogStats, 'lost' | 'rejected' | 'truncated' | 'withheld'> {
    const { lost, rejected, truncated, withheld } = this.#reader.stats;
    return {
      repeats: this.#earlier.repeats + this.#machine.stats.repeats,
      forged: this.#earlier.forged + this.#machine.stats.forged,
      lost,
      rejected,
      truncated,
      withheld,
    };
  }

  #understand(lines: readonly LogLine[]): OomEvent[] {
    const events: OomEvent[] = [];
    for (const line of lines) {
      if (line.restarted || (line.bootId !== undefined && line.bootId !== this.#bootId)) {
        events.push(...this.#restart(line.bootId));
      }
      if (line.lostBefore !== undefined) this.#machine.lost();
      this.#machine.push(line);
    }
    events.push(...this.#machine.take());
    return events;
  }

  #restart(bootId: string | undefined): OomEvent[] {
    this.#machine.flush();
    const events = this.#machine.take();
    this.#earlier.repeats += this.#machine.stats.repeats;
    this.#earlier.forged += this.#machine.stats.forged;
    this.#bootId = bootId;
    this.#machine = new OomMachine(
      bootId === undefined ? { captureName: `${this.#name}-${++this.#machines}` } : { bootId },
    );
    return events;
  }
}
