import type { OomLine } from './line.js';
import type { ConstraintLine } from './lines/constraint-line.js';
import type { OomText } from './lines/index.js';
import type { InvokeLine } from './lines/invoke-line.js';
import type { AnnounceLine, KillLine } from './lines/kill-line.js';
import type { StatsLine } from './lines/memcg-lines.js';
import { sumOf } from './lines/memory-stat-lines.js';
import { parseTableRow } from './lines/task-table.js';
import { isCloseInTime, isNear, type Pauses } from './near.js';
import { NodeMemoryFigures } from './node-memory.js';
import { beginReport, concerns, fits, type Report } from './report.js';
import { TaskList } from './task-list.js';

/** A report that was left for another line before its kill line came. */
export interface Waiting {
  report: Report;
  /** Records of it were lost. */
  cut: boolean;
  /** The process that the kernel says died of it. */
  reaped: { pid: number; comm: string } | undefined;
}

export interface ReportsOwner {
  /** A report begins, so that all before it is over. */
  begins(): void;
  /** No kill line came for the report. */
  unfinished(waiting: Waiting): void;
}

/** Anybody may dump a stack; the others are figures of a report whose beginning was lost. */
const meansNothingAlone: ReadonlySet<OomText['type']> = new Set([
  'stack',
  'free-list',
  'node-memory',
  'counter',
  'memsw',
  'memory-stat',
]);

/** So many reports whose process is chosen wait for their kill line, when others come in between. */
const maxWaiting = 16;

/** Puts the lines of the kernel's reports together, and gives each kill line its own report. */
export class Reports {
  readonly #owner: ReportsOwner;
  readonly #pauses: Pauses;
  #open: Report | undefined;
  /** Reports that have chosen a process, and whose kill line may come after another line. */
  #waiting: Waiting[] = [];
  /** Those that another kill may have been of: theirs is still one whose very number they name. */
  #passed: Waiting[] = [];
  #manual: OomLine | undefined;

  constructor(owner: ReportsOwner, pauses: Pauses) {
    this.#owner = owner;
    this.#pauses = pauses;
  }

  get open(): Report | undefined {
    return this.#open;
  }

  /** The open report, if the line can be of it. */
  at(line: OomLine): Report | undefined {
    const open = this.#open;
    return open !== undefined && this.#pauses.follows(open.last, line) ? open : undefined;
  }

  /** Somebody asked for the next report. */
  manual(line: OomLine): void {
    this.#manual = line;
  }

  invoke(words: InvokeLine, line: OomLine): void {
    this.#owner.begins();
    const before = this.#open;
    // There was no oom_lock before 4.2; a report that has chosen has nothing more to say.
    const interleaved =
      before !== undefined && before.constraint === undefined && isNear(before.last, line);
    this.#leave();
    const report = beginReport(line);
    report.invoke = words;
    report.doubtful = interleaved;
    // The request is logged by whoever pressed the key, the report by a kernel worker.
    report.manual = this.#manual !== undefined && isCloseInTime(this.#manual, line);
    this.#manual = undefined;
    this.#open = report;
  }

  announce(words: AnnounceLine, line: OomLine): void {
    this.#owner.begins();
    const open = this.at(line);
    // A thread may be chosen, which is in no row; its kill line names it.
    const report = open !== undefined && open.announce === undefined ? open : this.#beginAnew(line);
    report.announce = words;
    report.at = line;
    report.last = line;
  }

  constraint(words: ConstraintLine, line: OomLine): void {
    this.#owner.begins();
    const open = this.at(line);
    const own = open !== undefined && open.constraint === undefined && fits(open, words);
    const report = own ? open : this.#beginAnew(line);
    report.constraint = words;
    report.at = line;
    report.last = line;
  }

  /** Lines that mean something only inside a report. */
  detail(words: OomText, line: OomLine, broken: boolean): void {
    let report = this.at(line);
    if (report === undefined) {
      if (meansNothingAlone.has(words.type)) return;
      this.#owner.begins();
      report = this.#beginAnew(line);
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
        report.choosesByTaskIn = true;
        report.at = line;
        return;
      case 'memory':
        report.memory ??= words;
        report.pageSizeKiB ??= words.pageSizeKiB;
        return;
      case 'counter':
        report.pageSizeKiB ??= words.pageSizeKiB;
        if (words.of === 'swap') report.stat.swapKiB = words.usageKiB;
        if (words.of === 'kmem') report.stat.kernelKiB = words.usageKiB;
        return;
      case 'memsw':
        report.pageSizeKiB ??= words.pageSizeKiB;
        return;
      case 'free-list':
        report.pageSizeKiB ??= words.pageSizeKiB;
        report.nodeMemory?.add(words);
        return;
      case 'node-memory':
        report.nodeMemory ??= new NodeMemoryFigures();
        report.nodeMemory.add(words);
        return;
      case 'memory-stat':
        if (report.statsPaths.length > 0) Object.assign(report.stat, words.figures);
        return;
      case 'stats':
        return addStatistics(report, broken || missesFirstStats(report) ? undefined : words);
      case 'table':
        report.tasks ??= new TaskList(words);
    }
  }

  tableRow(line: OomLine, text: string): boolean {
    const open = this.#open;
    if (open?.tasks === undefined) return false;
    const row = parseTableRow(text, open.tasks.header);
    if (row === undefined) return false;
    open.tasks.add(row);
    open.last = line;
    return true;
  }

  /** The report that was printed for the kill. It is at its end with it. */
  takeFor(kill: KillLine, line: OomLine): Report | undefined {
    const open = this.at(line);
    if (open !== undefined && concerns(open, kill, line)) {
      this.#open = undefined;
      return open;
    }
    const waiting = this.#takeWaitingFor(kill, line);
    const announce = open?.announce;
    // The kernel's next kill line is the report's: where nothing links the two it may be all the same, and no second kill.
    if (open?.constraint !== undefined) this.#open = undefined;
    this.#leave();
    if (waiting !== undefined) return waiting.cut ? undefined : waiting.report;
    // The announcement is right before its kill; what was open with it is another's.
    if (announce === undefined) return undefined;
    const own = beginReport(line);
    own.announce = announce;
    return own;
  }

  /** The report that names the process as the one that is to be killed; others stay, for a line. */
  takeNamed(pid: number, line: OomLine): Report | undefined {
    const open = this.#open;
    if (open?.constraint === undefined) return undefined;
    const { constraint } = open;
    if (constraint.pid !== pid && constraint.pid !== line.witness?.tgid) return undefined;
    this.#open = undefined;
    return open;
  }

  #takeWaitingFor(kill: KillLine, line: OomLine): Waiting | undefined {
    const at = this.#waiting.findIndex(({ report }) => concerns(report, kill, line));
    if (at >= 0) return this.#waiting.splice(at, 1)[0];
    const passed = this.#passed.findIndex(
      ({ report }) => chosenPid(report) === kill.pid && isCloseInTime(report.last, line),
    );
    if (passed >= 0) return this.#passed.splice(passed, 1)[0];
    // It may be the kill of any of them, by a thread's number: none but the others is proven then.
    const [first] = this.#waiting.splice(0, 1);
    if (first !== undefined) this.#pass(first);
    return undefined;
  }

  /** The report that the line ends: nobody is killed. */
  takeEnded(line: OomLine): Report | undefined {
    const own = this.at(line);
    if (own === undefined) this.#leave();
    this.#open = undefined;
    return own;
  }

  /** The kernel says that the process died. Its kill line may still come: a tool may have sorted the lines. */
  reaped(pid: number, comm: string): boolean {
    const open = this.#open;
    if (open !== undefined && mayHaveChosen(open, pid)) this.#leave(false, true);
    const waiting = this.#waiting.find(({ report }) => mayHaveChosen(report, pid));
    if (waiting !== undefined) waiting.reaped = { pid, comm };
    return waiting !== undefined;
  }

  lost(): void {
    this.#manual = undefined;
    this.#leave(true);
  }

  /** The end of the log. */
  flush(): void {
    this.#leave();
    for (const waiting of this.#waiting.splice(0)) this.#owner.unfinished(waiting);
  }

  #beginAnew(line: OomLine): Report {
    this.#leave();
    this.#open = beginReport(line);
    return this.#open;
  }

  #pass(waiting: Waiting): void {
    this.#passed = [...this.#passed, waiting].slice(-maxWaiting);
  }

  /** Another line than the report's kill comes. */
  #leave(cut = false, mayFollow = this.#open?.constraint !== undefined): void {
    const report = this.#open;
    this.#open = undefined;
    if (report === undefined) return;
    const waiting: Waiting = { report, cut, reaped: undefined };
    if (!mayFollow) {
      if (report.announce !== undefined) this.#pass(waiting);
      return this.#owner.unfinished(waiting);
    }
    this.#waiting.push(waiting);
    // Its kill line may come yet; what it would prove is then reported twice.
    if (this.#waiting.length > maxWaiting) this.#waiting.shift();
  }
}

function chosenPid({ constraint, announce }: Report): number | undefined {
  return constraint?.pid ?? announce?.pid;
}

/** The limit's statistics follow its figures; where neither these nor the header came, they may be lost. */
function missesFirstStats({ invoke, memory, statsPaths, taskIn }: Report): boolean {
  return (
    invoke === undefined && memory === undefined && taskIn === undefined && statsPaths.length === 0
  );
}

function addStatistics(report: Report, words: StatsLine | undefined): void {
  const isFirst = report.statsPaths.length === 0;
  report.statSum = isFirst ? words?.figures : sumOf(report.statSum, words?.figures);
  // The first path, and whether it is the only one, is all that is asked of them.
  if (report.statsPaths.length < 2) report.statsPaths.push(words?.path);
}

function mayHaveChosen(report: Report, pid: number): boolean {
  if (report.constraint !== undefined) return report.constraint.pid === pid;
  return report.choosesByTaskIn && (report.tasks?.hasProcess(pid) ?? false);
}
