import {
  type LogFormat,
  type LogLine,
  LogReader,
  type LogReaderOptions,
  type LogStats,
} from '@oomwatcher/kmsg/formats';
import { captureHeadlines, type MachineStats, type OomEvent, OomMachine } from '@oomwatcher/oom';

export interface CapturedLogOptions extends Omit<LogReaderOptions, 'headlines'> {
  /** Whether each kill comes with the lines that it was read from; default false. */
  keepsReports?: boolean;
}

/**
 * Understands a captured log of any format: bytes in, kills and outcomes out. A log can hold several boots, or captures
 * one after another; a report never goes on across their borders.
 */
export class CapturedLog {
  readonly #reader: LogReader;
  readonly #name: string;
  readonly #keepsReports: boolean;
  #machine: OomMachine | undefined;
  #machines = 0;
  #bootId: string | undefined;
  readonly #earlier = { repeats: 0, forged: 0 };

  /** @param name stands for the boot id in the ids of a log that tells none */
  constructor(name: string, { keepsReports = false, ...options }: CapturedLogOptions = {}) {
    this.#reader = new LogReader({ ...options, headlines: captureHeadlines });
    this.#name = name;
    this.#keepsReports = keepsReports;
  }

  /** Takes the next bytes and gives what is finished by them. */
  push(chunk: Uint8Array): OomEvent[] {
    return this.#understand(this.#reader.push(chunk));
  }

  /** The log is at its end. */
  end(): OomEvent[] {
    const events = this.#understand(this.#reader.end());
    return [...events, ...this.#close()];
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
      repeats: this.#earlier.repeats + (this.#machine?.stats.repeats ?? 0),
      forged: this.#earlier.forged + (this.#machine?.stats.forged ?? 0),
      lost,
      rejected,
      truncated,
      withheld,
    };
  }

  #understand(lines: readonly LogLine[]): OomEvent[] {
    const events: OomEvent[] = [];
    for (const line of lines) {
      const rebooted = line.bootId !== undefined && line.bootId !== this.#bootId;
      if (line.restarted || rebooted) {
        events.push(...this.#close());
        this.#bootId = line.bootId;
      }
      this.#machine ??= this.#open();
      if (line.lostBefore !== undefined) this.#machine.lost();
      this.#machine.push(line);
    }
    events.push(...(this.#machine?.take() ?? []));
    return events;
  }

  #open(): OomMachine {
    const part = ++this.#machines;
    return new OomMachine({
      captureName: part === 1 ? this.#name : `${this.#name}-${part}`,
      hasSequence: this.format === 'kmsg',
      keepsReports: this.#keepsReports,
      live: false,
      ...(this.#bootId !== undefined && { bootId: dashed(this.#bootId) }),
    });
  }

  #close(): OomEvent[] {
    const machine = this.#machine;
    if (machine === undefined) return [];
    machine.flush();
    this.#earlier.repeats += machine.stats.repeats;
    this.#earlier.forged += machine.stats.forged;
    this.#machine = undefined;
    return machine.take();
  }
}

/** The journal writes a boot id without the dashes of /proc/sys/kernel/random/boot_id. */
function dashed(bootId: string): string {
  return bootId.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
