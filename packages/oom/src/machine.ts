import { FragmentJoiner, type Joined } from './fragments.js';
import { type Death, Incident } from './incident.js';
import type { Kill } from './kill.js';
import { isFromKernel, type OomLine } from './line.js';
import { isForgery, type OomText, parseOomText } from './lines/index.js';
import type { KillLine, SharerLine } from './lines/kill-line.js';
import { decodeName } from './lines/names.js';
import { parseOtherKill } from './lines/other-killers.js';
import { parseTableRow } from './lines/task-table.js';
import { isCloseInTime, isNear } from './near.js';
import type { Outcome } from './outcome.js';
import type { RawReport } from './raw-lines.js';
import { collect, rawReport } from './raw-report.js';
import {
  cgroupOf,
  killRecord,
  type LogContext,
  stamp,
  triggerOf,
  usage,
  victimCgroup,
} from './record.js';
import { beginReport, concerns, type Report } from './report.js';
import { TaskList } from './task-list.js';

export interface MachineOptions {
  /** Of the boot that the lines come from; part of every id. */
  bootId?: string;
  /** Stands for the boot id in the ids of a log that tells none; default `capture`. */
  captureName?: string;
  /** The machine that the lines come from, where a captured log names it. */
  host?: string;
  /** Whether the lines carry the kernel's sequence numbers; default true. Without them a record has no `seq`. */
  hasSequence?: boolean;
  /** The node's page size: task tables count in pages. Default 4. */
  pageSizeKiB?: number;
  /**
   * Whether a kill in this cgroup takes the other members of a memory.oom.group with it, asked when its line is read;
   * undefined: not known. It only decides how long `settle` holds the kill. Default: never known.
   */
  killsGroup?: (cgroup: { victim?: string; limit?: string }) => boolean | undefined;
  /** Whether each kill comes with the lines that it was read from; default false. */
  keepsReports?: boolean;
}

/** What came out of the log, in the log's order. */
export type OomEvent =
  | { kind: 'kill'; seq: bigint; kill: Kill; report?: RawReport }
  | { kind: 'outcome'; seq: bigint; outcome: Outcome }
  /** A kill that was given out already is logged, and counted by the kernel, a second time. */
  | { kind: 'repeat'; seq: bigint; cgroup: string | undefined }
  /** A line in the OOM killer's words that user space wrote. It is never anything but counted. */
  | { kind: 'forged'; seq: bigint; text: string };

export interface MachineStats {
  kills: number;
  /** Second lines of a group's first victim; the kernel's counters count them too. */
  repeats: number;
  forged: number;
  /** Reports that the kernel says it withheld. */
  suppressedReports: number;
  outcomes: number;
}

/**
 * After so long without a line a kill is alone, or an announced group is over. The kernel prints a group without a pause,
 * but on a serial console of 9600 baud a line takes 140 ms.
 */
const aloneAfterMs = 5;
const groupPauseMs = 200;

/**
 * Joins the lines of the OOM killer's reports into kills. Every kill line is a kill, with its report or without: the
 * kernel withholds reports (ten in 5 s for the whole host, mm/oom_kill.c), never kill lines. A report speaks only for
 * the kill that it was printed for.
 *
 * Feed lines in the order of the log, then `take` what is finished.
 */
export class OomMachine {
  readonly stats: MachineStats = {
    kills: 0,
    repeats: 0,
    forged: 0,
    suppressedReports: 0,
    outcomes: 0,
  };

  readonly #context: LogContext;
  readonly #killsGroup: MachineOptions['killsGroup'];
  readonly #joiner: FragmentJoiner<OomLine>;
  readonly #keepsReports: boolean;
  #report: Report | undefined;
  #incident: Incident | undefined;
  /** The one that was open when records were lost: its group's announcement may be among them. */
  #interrupted: Incident | undefined;
  #manual: OomLine | undefined;
  #events: OomEvent[] = [];

  constructor({
    bootId,
    captureName = 'capture',
    host,
    hasSequence = true,
    pageSizeKiB = 4,
    killsGroup,
    keepsReports = false,
  }: MachineOptions = {}) {
    this.#context = { bootId, captureName, host, hasSequence, pageSizeKiB };
    this.#killsGroup = killsGroup;
    this.#keepsReports = keepsReports;
    this.#joiner = new FragmentJoiner(hasSequence);
  }

  push(line: OomLine): void {
    if (!isFromKernel(line)) {
      this.#fromUserSpace(line);
      return;
    }
    for (const joined of this.#joiner.push(line)) this.#kernelLine(joined);
  }

  /** Records were lost before the next line: what is open can neither go on nor be whole. */
  lost(): void {
    this.#flushJoiner();
    this.#report = undefined;
    this.#manual = undefined;
    if (this.#incident?.group !== undefined) this.#incident.interrupted = true;
    this.#interrupted = this.#incident;
    this.#closeIncident();
  }

  /**
   * The log has been quiet for so long: gives out what waits only to see whether more belongs to it.
   */
  settle(quietMs = aloneAfterMs): void {
    for (const joined of this.#joiner.settle()) this.#kernelLine(joined);
    const incident = this.#incident;
    if (incident?.heldSeq !== undefined && quietMs >= waitFor(incident)) this.#giveOut(incident);
  }

  /** End of the log: gives out everything. */
  flush(): void {
    this.#flushJoiner();
    this.#closeIncident();
  }

  /** What is finished, in the order of the log. */
  take(): OomEvent[] {
    if (this.#events.length === 0) return [];
    const held = this.#incident?.heldSeq;
    const events = this.#events.toSorted((a, b) => (a.seq < b.seq ? -1 : a.seq > b.seq ? 1 : 0));
    // What happened after a kill that is still held is given out after it.
    const ready = held === undefined ? events.length : events.findIndex(({ seq }) => seq > held);
    this.#events = ready < 0 ? [] : events.slice(ready);
    return ready < 0 ? events : events.slice(0, ready);
  }

  /** Milliseconds of quiet after which `settle` will give something out; undefined when nothing waits. */
  get waitMs(): number | undefined {
    const incident = this.#incident;
    return incident?.heldSeq === undefined ? undefined : waitFor(incident);
  }

  /** The lowest sequence number among kills that have not been given out. */
  get heldSeq(): bigint | undefined {
    return this.#incident?.heldSeq ?? this.#events[0]?.seq;
  }

  #fromUserSpace(line: OomLine): void {
    const killed = parseOtherKill(line.source, line.text);
    if (killed !== undefined) {
      this.#outcome(line, { kind: 'userspace', ...killed });
      return;
    }
    if (!isForgery(line.text)) return;
    this.stats.forged++;
    this.#events.push({ kind: 'forged', seq: line.seq, text: decodeName(line.text) });
  }

  #kernelLine(joined: Joined<OomLine>): void {
    this.#read(joined);
    if (this.#keepsReports) collect(this.#report, joined.line, joined.text);
  }

  #read({ line, text, broken }: Joined<OomLine>): void {
    this.#closeWhatIsOver(line);
    if (text.charCodeAt(0) === 0x5b && this.#tableRow(line, text)) return;
    const words = parseOomText(text);
    if (words !== undefined) this.#understood(words, line, broken);
  }

  #understood(words: OomText, line: OomLine, broken: boolean): void {
    switch (words.type) {
      case 'kill':
        return this.#kill(words, line);
      case 'sharer':
        return this.#sharer(words, line);
      case 'group':
        return this.#group(broken ? undefined : words.path, line);
      case 'manual':
        this.#manual = line;
        return;
      case 'invoke':
        this.#begin(line).invoke = words;
        return;
      case 'suppressed':
        this.stats.suppressedReports += words.count;
        return this.#outcome(line, { kind: 'reports-suppressed', count: words.count });
      case 'no-victim':
        return this.#ending(line, 'no-killable-process');
      case 'panic':
        return this.#ending(line, 'panic', { message: words.reason });
      case 'exiting':
        return this.#ending(line, 'already-exiting', {
          process: { pid: words.pid, name: decodeName(words.comm) },
        });
      case 'reaper':
        return;
      case 'other-killer':
        return this.#outcome(line, { kind: 'userspace', ...words.kill });
      case 'announce':
        this.#continued(line, words.pid).announce = words;
        return;
      default:
        this.#detail(words, line, broken);
    }
  }

  /** Lines that mean something only inside a report. */
  #detail(words: OomText, line: OomLine, broken: boolean): void {
    if (words.type === 'constraint') {
      this.#continued(line).constraint = broken ? { ...words, readings: [] } : words;
      return;
    }
    let report = this.#report;
    if (report === undefined || !isNear(report.last, line)) {
      // Anybody may dump a stack; the others are a report's whose beginning was lost.
      if (words.type === 'stack') return;
      this.#closeIncident();
      report = beginReport(line);
      this.#report = report;
    }
    report.last = line;
    switch (words.type) {
      case 'stack':
        report.triggerPid ??= words.pid;
        return;
      case 'task-in':
        // A second one is another report's, which ran beside this one (no oom_lock before 4.2).
        if (report.taskIn !== undefined) report.doubtful = true;
        if (!broken) report.taskIn = words.paths;
        return;
      case 'memory':
        report.memory ??= words;
        return;
      case 'stats':
        // The first, and whether it is the only one, is all that is asked of them.
        if (report.statsPaths.length < 2) {
          report.statsPaths.push(broken || missesFirstStats(report) ? undefined : words.path);
        }
        return;
      case 'table':
        report.tasks ??= new TaskList(words);
    }
  }

  #tableRow(line: OomLine, text: string): boolean {
    const tasks = this.#report?.tasks;
    if (tasks === undefined) return false;
    const row = parseTableRow(text, tasks.header);
    if (row === undefined) return false;
    tasks.add(row);
    (this.#report as Report).last = line;
    return true;
  }

  #begin(line: OomLine): Report {
    this.#closeIncident();
    const interleaved = this.#report !== undefined && isNear(this.#report.last, line);
    const report = beginReport(line);
    report.doubtful = interleaved;
    // The request is logged by whoever pressed the key, the report by a kernel worker.
    report.manual = this.#manual !== undefined && isCloseInTime(this.#manual, line);
    this.#manual = undefined;
    this.#report = report;
    return report;
  }

  /**
   * The open report, or, when its beginning was withheld or lost, a new one.
   *
   * @param chosen the process that the line is about, which an open report must know when it has a task table
   */
  #continued(line: OomLine, chosen?: number): Report {
    this.#closeIncident();
    const open = this.#report;
    const known =
      chosen === undefined || open?.tasks === undefined || open.tasks.hasProcess(chosen);
    if (open !== undefined && known && isNear(open.last, line)) {
      open.last = line;
      return open;
    }
    this.#report = beginReport(line);
    return this.#report;
  }

  #kill(kill: KillLine, line: OomLine): void {
    const death: Death = { kill, line };
    const open = this.#incident;
    const logged = open?.group === undefined ? this.#interrupted : open;
    if (logged !== undefined && isNear(logged.last, line) && logged.isRepeat(death)) {
      this.#repeat(logged, line);
      return;
    }
    const evidence = open?.membership(kill, line);
    if (open !== undefined && evidence !== undefined) {
      open.deaths.push({ ...death, onlyByTime: evidence === 'time' });
      open.last = line;
      return;
    }
    this.#closeIncident();
    const report = this.#report;
    this.#report = undefined;
    const own = report !== undefined && isNear(report.last, line) && concerns(report, kill, line);
    const incident = new Incident(death, own ? report : undefined);
    this.#incident = incident;
    incident.killsGroup = this.#killsGroup?.(cgroupOf(incident, death) ?? {});
    if (incident.killsGroup === false) this.#giveOut(incident);
  }

  #repeat(incident: Incident, line: OomLine): void {
    this.stats.repeats++;
    incident.last = line;
    const [first] = incident.deaths as [Death];
    const cgroup = victimCgroup(incident, first)?.path;
    this.#events.push({ kind: 'repeat', seq: line.seq, cgroup });
  }

  #sharer(kill: SharerLine, line: OomLine): void {
    const open = this.#incident;
    if (open === undefined || !isNear(open.last, line)) {
      this.#closeIncident();
      this.#incident = new Incident({ kill, line }, undefined);
      return;
    }
    open.deaths.push({ kill, line });
    open.last = line;
  }

  #group(path: string | undefined, line: OomLine): void {
    let incident = this.#incident;
    if (incident?.group !== undefined) incident = this.#splitOffLast(incident);
    if (incident?.acceptsGroup(path, line)) {
      incident.group = { path };
      incident.last = line;
    } else {
      this.#closeIncident();
    }
  }

  /** The kill right before an announcement is the announced group's first, not the earlier group's last. */
  #splitOffLast(earlier: Incident): Incident | undefined {
    if (earlier.deaths.length < 2 || earlier.given === earlier.deaths.length) return undefined;
    const first = earlier.deaths.pop() as Death;
    this.#closeIncident();
    this.#incident = new Incident(first, undefined);
    return this.#incident;
  }

  #ending(line: OomLine, kind: Outcome['kind'], more: Partial<Outcome> = {}): void {
    const report = this.#report;
    const own = report !== undefined && isNear(report.last, line) ? report : undefined;
    const trigger = own === undefined ? undefined : triggerOf(own);
    const limit = own?.statsPaths[0];
    // Inside a group the line speaks of one more member; otherwise it ends the report.
    if (kind !== 'already-exiting' || this.#incident?.group === undefined) {
      this.#closeIncident();
      this.#report = undefined;
    }
    this.#outcome(line, {
      kind,
      ...(trigger !== undefined && { trigger }),
      ...(limit !== undefined && { cgroup: decodeName(limit) }),
      ...(own?.memory !== undefined && { memory: usage(own.memory) }),
      ...more,
    });
  }

  #outcome(line: OomLine, outcome: Omit<Outcome, 'schema' | 'id' | 'seq'>): void {
    this.stats.outcomes++;
    this.#events.push({
      kind: 'outcome',
      seq: line.seq,
      outcome: { schema: 'oomwatcher.outcome/v1', ...outcome, ...stamp(line, this.#context) },
    });
  }

  #closeWhatIsOver(line: OomLine): void {
    if (this.#incident !== undefined && !isCloseInTime(this.#incident.last, line))
      this.#closeIncident();
  }

  #closeIncident(): void {
    if (this.#incident === undefined) return;
    this.#giveOut(this.#incident);
    this.#incident = undefined;
  }

  #giveOut(incident: Incident): void {
    for (const death of incident.deaths.slice(incident.given)) {
      this.stats.kills++;
      const kill = killRecord(incident, death, this.#context);
      const report = this.#keepsReports ? { report: rawReport(incident, death) } : undefined;
      this.#events.push({ kind: 'kill', seq: death.line.seq, kill, ...report });
    }
    incident.given = incident.deaths.length;
  }

  #flushJoiner(): void {
    for (const joined of this.#joiner.flush()) this.#kernelLine(joined);
  }
}

/** The limit's statistics follow its figures; where neither these nor the header came, they may be lost. */
function missesFirstStats({ invoke, memory, statsPaths }: Report): boolean {
  return invoke === undefined && memory === undefined && statsPaths.length === 0;
}

function waitFor({ group, killsGroup }: Incident): number {
  return group === undefined && !killsGroup ? aloneAfterMs : groupPauseMs;
}
