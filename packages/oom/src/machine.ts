// Long, because what each line does to the report that is open is one switch, read side by side.

import { amendmentOf } from './amendment.js';
import { defined } from './defined.js';
import type { MachineStats, OomEvent } from './events.js';
import { FragmentJoiner, type Joined } from './fragments.js';
import type { Death, Incident } from './incident.js';
import { aloneAfterMs } from './incident-waits.js';
import { Incidents } from './incidents.js';
import type { Missing } from './kill.js';
import { isFromKernel, type OomLine, type Witness } from './line.js';
import { isForgery, type OomText, parseOomText } from './lines/index.js';
import type { KillLine } from './lines/kill-line.js';
import { decodeName } from './lines/names.js';
import type { ReaperLine } from './lines/notice-lines.js';
import { parseOtherKill } from './lines/other-killers.js';
import { Pauses } from './near.js';
import type { Notice } from './notice.js';
import type { Outcome } from './outcome.js';
import { provenBy } from './proven-kill.js';
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
import { isOnlyAnnounced, type Report } from './report.js';
import { ReportRate } from './report-rate.js';
import { Reports, type Waiting } from './reports.js';
import { processKey, type WitnessedKill, witnessedDeath } from './witnessed-kill.js';

/** What the machine has to know beside the lines; everything has a default. */
export interface MachineOptions {
  /** Of the boot that the lines come from; part of every id. */
  bootId?: string | undefined;
  /** Stands for the boot id in the ids of a log that has none; default `capture`. */
  captureName?: string | undefined;
  /** The machine that the lines come from, where a captured log names it. */
  host?: string | undefined;
  /** Whether the lines carry the kernel's sequence numbers; default true. Without them a record has no `seq`. */
  hasSequence?: boolean | undefined;
  /** The node's page size: task tables count in pages. Default 4. */
  pageSizeKiB?: number | undefined;
  /**
   * Whether a kill in this cgroup takes the other members of a memory.oom.group with it, asked when its line is read;
   * undefined: not known. It only decides how long `settle` holds the kill. Default: never known.
   */
  killsGroup?: ((cgroup: { victim?: string; limit?: string }) => boolean | undefined) | undefined;
  /**
   * Whether the log is read as it is written: a kill is not held until its group is certainly over, but amended if it has
   * to be; and a report without its kill line is a notice, for the line may be lost and its kill known by the kernel's
   * counters. Else such a report, where it proves a kill, is one. Default: true.
   */
  live?: boolean | undefined;
  /** Whether each kill comes with the lines that it was read from; default false. */
  keepsReports?: boolean | undefined;
}

interface Told {
  death: Death;
  report: Report | undefined;
}

type NoticeFields = Pick<Notice, 'kind' | 'process' | 'cgroup'>;

/** The ids of so many killed processes are known, for the lines that come after a kill; so many kills wait for their line. */
const maxKnown = 4096;

/** Processes that are told with one kill. */
const maxSharers = 64;

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
  readonly #live: boolean;
  readonly #joiner: FragmentJoiner<OomLine>;
  readonly #keepsReports: boolean;
  readonly #pauses: Pauses;
  readonly #rate = new ReportRate();
  readonly #reports: Reports;
  readonly #incidents: Incidents;
  readonly #killed = new Set<number>();
  /** Kills that were told without their line, by their process. */
  readonly #withoutLine = new Map<string, Told>();
  #lastWitnessed: Death | undefined;
  #lastGiven: { incident: Incident; death: Death } | undefined;
  /** Lines say which task printed them. */
  #printsCallers = false;
  /** Records were lost since the last whole report. */
  #isCut = false;
  #events: OomEvent[] = [];

  constructor({
    bootId,
    captureName = 'capture',
    host,
    hasSequence = true,
    pageSizeKiB = 4,
    killsGroup,
    live = true,
    keepsReports = false,
  }: MachineOptions = {}) {
    this.#context = { bootId, captureName, host, hasSequence, pageSizeKiB };
    this.#live = live;
    this.#keepsReports = keepsReports;
    this.#joiner = new FragmentJoiner(hasSequence);
    this.#pauses = new Pauses(hasSequence);
    this.#incidents = new Incidents(
      {
        give: (incident, death) => this.#give(incident, death),
        repeat: (incident, line) => this.#repeat(incident, line),
        mayBeWithheld: (line) => this.#rate.mayWithhold(line),
        killsGroup: (incident, death) => killsGroup?.(cgroupOf(incident, death) ?? {}),
      },
      live,
    );
    this.#reports = new Reports(
      {
        begins: () => this.#incidents.close(),
        unfinished: (waiting) => this.#unfinished(waiting),
      },
      this.#pauses,
    );
  }

  push(line: OomLine): void {
    if (!isFromKernel(line)) {
      this.#fromUserSpace(line);
      return;
    }
    this.#printsCallers = line.caller !== undefined;
    this.#pauses.next(line);
    for (const joined of this.#joiner.push(line)) this.#kernelLine(joined);
  }

  /** A kill that the kernel told at the kill itself, before its line was read. Should the line come, it is no second kill. */
  pushWitnessed(witnessed: WitnessedKill): void {
    for (const joined of this.#joiner.settle()) this.#kernelLine(joined);
    const death = witnessedDeath(witnessed);
    const { kill, line } = death;
    if (kill.type !== 'kill') return;
    this.#know(kill.pid);
    const { trigger } = witnessed.witness;
    if (this.#printsCallers && trigger !== undefined) line.caller = `T${trigger.pid}`;
    const report = this.#reports.takeNamed(kill.pid, line);
    const key = processKey(line.witness) as string;
    this.#withoutLine.set(key, { death, report });
    if (this.#withoutLine.size > maxKnown) dropFirst(this.#withoutLine);
    this.#witnessed(death);
    this.#incidents.kill(death, report, this.#isCut ? 'lost' : undefined);
  }

  /** The kernel has killed and counted a group's first victim once more; the line has not been read. */
  pushAgain(seq: bigint): void {
    this.#toldAgain(seq, undefined);
  }

  /** A process that dies with the last kill because it shares its memory. */
  pushSharer(sharer: { pid: number; name: string }): void {
    const death = this.#lastWitnessed;
    const { witness } = death?.line ?? {};
    if (death === undefined || witness === undefined) return;
    const sharers = witness.sharers ?? [];
    if (sharers.length >= maxSharers) return;
    this.#setSharers(death, [...sharers, sharer]);
  }

  /** A member of a group that shares the memory of another one is a kill of its own: it has its line and is counted. */
  #isNoSharer(tgid: number | undefined): void {
    const death = this.#lastWitnessed;
    const { sharers = [] } = death?.line.witness ?? {};
    const others = sharers.filter(({ pid }) => pid !== tgid);
    if (death === undefined || others.length === sharers.length) return;
    this.#setSharers(death, others.length > 0 ? others : undefined);
  }

  #setSharers(death: Death, sharers: { pid: number; name: string }[] | undefined): void {
    const { sharers: _, ...witness } = death.line.witness as Witness;
    death.line.witness = sharers === undefined ? witness : { ...witness, sharers };
    const given = this.#lastGiven;
    if (given?.death === death) this.#give(given.incident, death);
  }

  /** Records were lost before the next line: what is open can neither go on nor be whole. */
  lost(): void {
    this.#flushJoiner();
    this.#reports.lost();
    this.#rate.lost();
    this.#isCut = true;
    this.#incidents.lost();
  }

  /**
   * The log has been quiet for so long: gives out what waits only to see whether more belongs to it.
   */
  settle(quietMs = aloneAfterMs): void {
    for (const joined of this.#joiner.settle()) this.#kernelLine(joined);
    this.#incidents.settle(quietMs);
  }

  /** End of the log: gives out everything. */
  flush(): void {
    this.#flushJoiner();
    this.#incidents.close();
    this.#reports.flush();
  }

  /** What is finished, in the order of the log. */
  take(): OomEvent[] {
    if (this.#events.length === 0) return [];
    const held = this.#incidents.heldSeq;
    const events = this.#events.toSorted((a, b) => (a.seq < b.seq ? -1 : a.seq > b.seq ? 1 : 0));
    // What happened after a kill that is still held is given out after it.
    const ready = held === undefined ? events.length : events.findIndex(({ seq }) => seq > held);
    this.#events = ready < 0 ? [] : events.slice(ready);
    return ready < 0 ? events : events.slice(0, ready);
  }

  /** Milliseconds of quiet after which `settle` will give something out; undefined when nothing waits. */
  get waitMs(): number | undefined {
    return this.#incidents.waitMs;
  }

  /** The lowest sequence number among kills that have not been given out. */
  get heldSeq(): bigint | undefined {
    return this.#incidents.heldSeq ?? this.#events[0]?.seq;
  }

  /** The lowest sequence number among kills that have been given out and may still be amended; undefined: none may. */
  get amendableSeq(): bigint | undefined {
    return this.#incidents.amendableSeq;
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
    this.#rate.next(joined.line);
    this.#read(joined);
    if (this.#keepsReports) collect(this.#reports.open, joined.line, joined.text);
  }

  #read({ line, text, broken }: Joined<OomLine>): void {
    this.#incidents.closeWhatIsOver(line);
    if (text.charCodeAt(0) === 0x5b && this.#reports.tableRow(line, text)) return;
    const words = parseOomText(text);
    if (words !== undefined) this.#understood(words, line, broken);
  }

  #understood(words: OomText, line: OomLine, broken: boolean): void {
    switch (words.type) {
      case 'kill':
        return this.#kill(words, line);
      case 'sharer':
        return this.#incidents.sharer({ kill: words, line });
      case 'group':
        return this.#incidents.announced(broken ? undefined : words.path, line);
      case 'manual':
        return this.#reports.manual(line);
      case 'invoke':
        this.#rate.report(line);
        return this.#reports.invoke(words, line);
      case 'suppressed':
        return this.#suppressed(words.count, line);
      case 'no-victim':
        return this.#ending(line, 'no-killable-process');
      case 'panic':
        return this.#ending(line, 'panic', { message: words.reason });
      case 'exiting':
        return this.#ending(line, 'already-exiting', {
          process: { pid: words.pid, name: decodeName(words.comm) },
        });
      case 'reaper':
        return this.#reaped(words, line);
      case 'other-killer':
        return this.#outcome(line, { kind: 'userspace', ...words.kill });
      case 'announce':
        return this.#reports.announce(words, line);
      case 'constraint':
        return this.#reports.constraint(broken ? { ...words, readings: [] } : words, line);
      default:
        this.#reports.detail(words, line, broken);
    }
  }

  #kill(kill: KillLine, line: OomLine): void {
    this.#know(kill.pid);
    const told = this.#takeWithoutLine(line);
    const report = told?.report ?? this.#reports.takeFor(kill, line);
    const missing = this.#whyMissing(report, line);
    if (report?.invoke !== undefined) this.#isCut = false;
    const death: Death = { kill, line };
    if (told?.death.given !== undefined) death.given = told.death.given;
    this.#witnessed(death);
    if (told === undefined) this.#incidents.kill(death, report, missing);
    else this.#incidents.confirm(told.death, death, report, missing);
  }

  /** A kill that was given out before its line came; what is known of it by then stays. */
  #takeWithoutLine(line: OomLine): Told | undefined {
    const key = processKey(line.witness);
    const told = key === undefined ? undefined : this.#withoutLine.get(key);
    if (key === undefined || told === undefined) return undefined;
    this.#withoutLine.delete(key);
    this.#incidents.giveOutDeath(told.death);
    const { sharers } = told.death.line.witness ?? {};
    if (sharers !== undefined) line.witness = { ...line.witness, sharers };
    return told;
  }

  #witnessed(death: Death): void {
    if (processKey(death.line.witness) === undefined) return;
    this.#isNoSharer(death.line.witness?.tgid);
    this.#lastWitnessed = death;
  }

  /** Why a part of the kill's report is not there, if one is. */
  #whyMissing(report: Report | undefined, line: OomLine): Missing | undefined {
    if (this.#isCut) return 'lost';
    // Of a report that is withheld the announcement is printed all the same.
    if (report !== undefined && !isOnlyAnnounced(report)) return 'cut';
    // The live log is whole but for what it says it lost; a captured one may be anybody's excerpt.
    return this.#live || this.#rate.isExhausted(line) ? 'withheld' : undefined;
  }

  #repeat(incident: Incident | undefined, line: OomLine): void {
    if (line.witness?.isTold) return;
    const first = incident?.deaths[0];
    const cgroup =
      incident === undefined || first === undefined
        ? undefined
        : victimCgroup(incident, first)?.path;
    this.#toldAgain(line.seq, cgroup);
  }

  #toldAgain(seq: bigint, cgroup: string | undefined): void {
    this.stats.repeats++;
    this.#events.push({ kind: 'repeat', seq, cgroup });
  }

  #suppressed(count: number, line: OomLine): void {
    this.stats.suppressedReports += count;
    // Where each withheld report is that of a kill that was reported without one, nothing more is to be said.
    if (this.#incidents.withheld(count)) {
      this.#outcome(line, { kind: 'reports-suppressed', count });
    }
  }

  #ending(line: OomLine, kind: Outcome['kind'], more: Partial<Outcome> = {}): void {
    // Inside a group the line speaks of one more member; otherwise it ends the report.
    const ends = kind !== 'already-exiting' || !this.#incidents.hasGroup;
    if (ends) this.#incidents.close();
    const own = ends ? this.#reports.takeEnded(line) : undefined;
    const trigger = own === undefined ? undefined : triggerOf(own);
    const limit = own?.statsPaths[0];
    this.#outcome(line, {
      kind,
      ...(trigger !== undefined && { trigger }),
      ...(limit !== undefined && { cgroup: decodeName(limit) }),
      ...(own?.memory !== undefined && { memory: usage(own.memory) }),
      ...more,
    });
  }

  /** The memory of a killed process is free: what it was killed for has been reported, or never will be. */
  #reaped({ pid, comm }: ReaperLine, line: OomLine): void {
    if (this.#killed.has(pid)) return;
    if (this.#reports.reaped(pid, comm)) return;
    this.#notice(line, { kind: 'reaped-without-kill', process: { pid, name: decodeName(comm) } });
  }

  /** A report that no kill line came for. */
  #unfinished({ report, cut, reaped }: Waiting): void {
    // Of what was cut nobody knows what it would have said.
    if (cut && report.constraint === undefined && reaped === undefined) return;
    const { process, cgroup, kill } = provenBy(report, reaped);
    // A line that a tool wrote twice is no second kill.
    if (process !== undefined && this.#killed.has(process.pid)) return;
    if (kill !== undefined && !this.#live) {
      this.#know(kill.pid);
      this.#incidents.provenKill({ kill, line: report.at }, report);
      return;
    }
    const kind = report.announce === undefined ? 'report-without-kill' : 'announced-without-kill';
    if (report.invoke !== undefined || process !== undefined || cgroup !== undefined) {
      this.#notice(report.at, defined<NoticeFields>({ kind, process, cgroup }));
    }
  }

  #notice(line: OomLine, { kind, ...fields }: NoticeFields): void {
    const notice: Notice = {
      schema: 'oomwatcher.notice/v1',
      kind,
      ...stamp(line, this.#context),
      ...fields,
    };
    this.#events.push({ kind: 'notice', seq: line.seq, notice });
  }

  #outcome(line: OomLine, outcome: Omit<Outcome, 'schema' | 'id' | 'seq'>): void {
    this.stats.outcomes++;
    this.#events.push({
      kind: 'outcome',
      seq: line.seq,
      outcome: { schema: 'oomwatcher.outcome/v1', ...outcome, ...stamp(line, this.#context) },
    });
  }

  #give(incident: Incident, death: Death): void {
    if (incident.pageSizeKiB !== undefined) this.#context.pageSizeKiB = incident.pageSizeKiB;
    const kill = killRecord(incident, death, this.#context);
    if (death.given === undefined) {
      this.stats.kills++;
      const report = this.#keepsReports ? rawReport(incident, death) : undefined;
      this.#events.push({
        kind: 'kill',
        seq: death.line.seq,
        kill,
        ...(report !== undefined && report.lines.length > 0 && { report }),
      });
    } else {
      const amendment = amendmentOf(death.given, kill);
      if (amendment === undefined) return;
      this.#events.push({ kind: 'amendment', seq: incident.last.seq, amendment });
    }
    death.given = kill;
    this.#lastGiven = { incident, death };
  }

  #know(pid: number): void {
    this.#killed.add(pid);
    if (this.#killed.size > maxKnown) dropFirst(this.#killed);
  }

  #flushJoiner(): void {
    for (const joined of this.#joiner.flush()) this.#kernelLine(joined);
  }
}

function dropFirst<Key>(all: Set<Key> | Map<Key, unknown>): void {
  for (const first of all.keys()) {
    all.delete(first);
    return;
  }
}
