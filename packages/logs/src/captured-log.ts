import {
  captureHeadlines,
  captureName,
  type MachineStats,
  type OomEvent,
  OomMachine,
  pushUnderstood,
} from '@oomwatcher/oom';
import type { LogFormat, LogLine } from './formats/log-line.js';
import { LogReader, type LogReaderOptions } from './formats/log-reader.js';
import { countNotUnderstood } from './formats/not-understood.js';
import type { Passing, PassOver } from './formats/passing.js';
import type { LogStats } from './formats/stats.js';

/** How a captured log is read; everything has a default. */
export interface CapturedLogOptions extends Omit<LogReaderOptions, 'headlines'> {
  /** Whether each kill comes with the lines that it was read from; default false. */
  keepsReports?: boolean | undefined;
}

/** A blank at either end of the words, and the one in the words that begin a report, may be where a mailer broke them. */
const headlinesAnywhere = captureHeadlines.flatMap((headline) => {
  const bytes = headline.bytes.trim();
  if (!bytes.endsWith(' oom-killer:')) return [{ ...headline, bytes }];
  return [bytes, 'oom-killer: gfp_mask='].map((part) => ({ ...headline, bytes: part }));
});

/** Machines of one log whose reports may be open at once; beyond it the one that has been silent longest is closed. */
const maxMachines = 1024;
/** Events that wait for what another machine has not finished: so that all come in the log's order. */
const maxWaiting = 4096;

/** One machine's share of the log, from one boot. */
interface Part {
  machine: OomMachine;
  bootId: string | undefined;
}

/**
 * Understands a captured log of any format: bytes in, kills and outcomes out. A log can hold several boots, or captures
 * one after another, or the lines of several machines mixed; a report never goes on across these borders.
 */
export class CapturedLog implements Passing {
  readonly #reader: LogReader;
  readonly #name: string;
  readonly #keepsReports: boolean;
  /** By stream; the one that was heard last is last. */
  readonly #parts = new Map<string, Part>();
  #machines = 0;
  #waiting: OomEvent[] = [];
  /** Whether there was any event. */
  #hasSaid = false;
  /** Lines of the kernel that the machine does not know. */
  readonly #unread: { notUnderstood: number; notUnderstoodAt?: number } = { notUnderstood: 0 };
  readonly #earlier = { repeats: 0, forged: 0 };

  /** @param name stands for the boot id in the ids of a log that has none */
  constructor(name: string, { keepsReports = false, ...options }: CapturedLogOptions = {}) {
    this.#reader = new LogReader({ ...options, headlines: headlinesAnywhere });
    this.#name = name;
    this.#keepsReports = keepsReports;
  }

  /** Takes the next bytes and gives what is finished by them. */
  push(chunk: Uint8Array): OomEvent[] {
    this.#understand(this.#reader.push(chunk));
    return this.#ready();
  }

  get mayPass(): boolean {
    return this.#reader.mayPass;
  }

  passOver(): PassOver | undefined {
    return this.#reader.passOver();
  }

  passed(bytes: number): void {
    this.#reader.passed(bytes);
  }

  stopPassing(): void {
    this.#reader.stopPassing();
  }

  /** The log is at its end. */
  end(): OomEvent[] {
    this.#understand(this.#reader.end());
    for (const stream of [...this.#parts.keys()]) this.#close(stream);
    return this.#ready();
  }

  /** undefined: nothing that can be read. */
  get format(): LogFormat | undefined {
    return this.#reader.format;
  }

  /**
   * false: text of no known form that has no word of the OOM killer, which may be anything. Known at the end. Kernel lines
   * without any head (dmesg -t) have no form either: without a kill nothing shows that they are a log.
   */
  get isLog(): boolean {
    if (this.format === undefined) return false;
    return this.format !== 'dmesg-t' || this.#hasSaid || this.stats.notUnderstood > 0;
  }

  /** Whether lines that user space forged can be distinguished from the kernel's. */
  get tellsForgeries(): boolean {
    return this.#reader.hasPriority;
  }

  get stats(): Pick<MachineStats, 'repeats' | 'forged'> &
    Pick<
      LogStats,
      'lost' | 'rejected' | 'truncated' | 'withheld' | 'notUnderstood' | 'notUnderstoodAt'
    > {
    const { lost, rejected, truncated, withheld } = this.#reader.stats;
    let { repeats, forged } = this.#earlier;
    for (const { machine } of this.#parts.values()) {
      repeats += machine.stats.repeats;
      forged += machine.stats.forged;
    }
    const notUnderstood = this.#reader.stats.notUnderstood + this.#unread.notUnderstood;
    const places = [this.#reader.stats.notUnderstoodAt, this.#unread.notUnderstoodAt];
    const first = places.filter((at) => at !== undefined);
    return {
      repeats,
      forged,
      lost,
      rejected,
      truncated,
      withheld,
      notUnderstood,
      ...(first.length > 0 && { notUnderstoodAt: Math.min(...first) }),
    };
  }

  #understand(lines: readonly LogLine[]): void {
    for (const line of lines) {
      const { machine } = this.#partOf(line);
      if (line.lostBefore !== undefined) machine.lost();
      if (!pushUnderstood(machine, line)) countNotUnderstood(this.#unread, this.#placeOf(line));
    }
    for (const { machine } of this.#parts.values()) this.#waiting.push(...machine.take());
  }

  #placeOf(line: LogLine): number | undefined {
    return this.#reader.isTurned ? undefined : Number(line.seq);
  }

  #partOf(line: LogLine): Part {
    const stream = line.stream ?? '';
    const open = this.#parts.get(stream);
    const rebooted = line.bootId !== undefined && line.bootId !== open?.bootId;
    if (open !== undefined && !line.restarted && !rebooted) {
      this.#parts.delete(stream);
      this.#parts.set(stream, open);
      return open;
    }
    this.#close(stream);
    if (this.#parts.size >= maxMachines) this.#closeOldest();
    const part = { machine: this.#open(line), bootId: line.bootId };
    this.#parts.set(stream, part);
    return part;
  }

  #open({ bootId, host }: LogLine): OomMachine {
    const part = ++this.#machines;
    return new OomMachine({
      captureName: captureName(this.#name, part),
      hasSequence: this.format === 'kmsg',
      keepsReports: this.#keepsReports,
      live: false,
      ...(host !== undefined && { host }),
      ...(bootId !== undefined && { bootId: dashed(bootId) }),
    });
  }

  #close(stream: string): void {
    const part = this.#parts.get(stream);
    if (part === undefined) return;
    const { machine } = part;
    this.#parts.delete(stream);
    machine.flush();
    this.#earlier.repeats += machine.stats.repeats;
    this.#earlier.forged += machine.stats.forged;
    this.#waiting.push(...machine.take());
  }

  #closeOldest(): void {
    for (const stream of this.#parts.keys()) {
      this.#close(stream);
      return;
    }
  }

  /** What is finished, in the log's order. */
  #ready(): OomEvent[] {
    if (this.#waiting.length === 0) return [];
    this.#hasSaid = true;
    while (this.#waiting.length > maxWaiting && this.#parts.size > 1) this.#closeOldest();
    const several = this.#parts.size > 1;
    const held = several ? this.#firstHeld() : undefined;
    const events = several || this.#machines > 1 ? inOrder(this.#waiting) : this.#waiting;
    const end = held === undefined ? -1 : events.findIndex(({ seq }) => seq > held);
    this.#waiting = end < 0 ? [] : events.slice(end);
    return end < 0 ? events : events.slice(0, end);
  }

  #firstHeld(): bigint | undefined {
    let first: bigint | undefined;
    for (const { machine } of this.#parts.values()) {
      const { heldSeq } = machine;
      if (heldSeq !== undefined && (first === undefined || heldSeq < first)) first = heldSeq;
    }
    return first;
  }
}

function inOrder(events: readonly OomEvent[]): OomEvent[] {
  return events.toSorted((a, b) => (a.seq < b.seq ? -1 : a.seq > b.seq ? 1 : 0));
}

/** The journal writes a boot id without the dashes of /proc/sys/kernel/random/boot_id. */
function dashed(bootId: string): string {
  return bootId.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
