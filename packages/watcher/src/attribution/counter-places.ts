import type { MemoryHierarchy } from '../node/memory-hierarchy.js';
import { type Account, CounterAccount } from './account.js';
import { CounterWindows } from './counter-windows.js';
import { type CounterSample, OomCounters } from './oom-counters.js';
import type { Place, PlaceSource } from './place-source.js';

/** Sampling may take this part of the time: a node has thousands of cgroups, and a storm hundreds of kills a second. */
const busyShare = 0.2;

/**
 * A kill that was counted before the zero may be read after it, and pass for one that was counted since and not yet
 * read. So a zero counts only when the first line that is taken after it was printed so long after it. When it is taken
 * says nothing: who takes the kills may be seconds behind.
 */
const settleMs = 250;

/** Places kills by the kernel's counters where neither the log nor /proc did, and finds kills whose line was lost. */
export class CounterPlaces implements PlaceSource {
  readonly #counters: OomCounters;
  readonly #windows = new CounterWindows();
  #due = false;
  #zeroMs = 0;
  /** Whether the zero counts. Until then an equal number of lines and counts says nothing. */
  #settled = false;
  readonly #account = new CounterAccount();
  /** Kill lines may be missing. */
  #incomplete = false;
  #notBeforeMs = 0;
  #sampled: CounterSample = { cgroups: new Map(), total: 0 };
  /** The first moment since the last loss at which every line that is left had been read. */
  #allRead: Moment | undefined;

  /** undefined: this node has no counters to ask. */
  static open(hierarchy: MemoryHierarchy): CounterPlaces | undefined {
    const counters = OomCounters.open(hierarchy);
    return counters === undefined ? undefined : new CounterPlaces(counters);
  }

  private constructor(counters: OomCounters) {
    this.#counters = counters;
  }

  /** From now on: what the kernel has counted before is not this watch's. */
  begin(): void {
    this.#sample();
    this.#zero();
    this.#account.begin(this.#counters.totalAtRebase);
  }

  /** @param printedMs when the kernel wrote the line, in the time of performance.now() */
  killLine(seq: bigint, printedMs = performance.now()): void {
    this.#settle(printedMs);
    this.#account.add(1, this.kernelKills());
    this.#windows.killLine(seq);
    this.#due = true;
  }

  /** What the kernel has counted since the watch is live, and how much of it is neither a line that was read nor found. */
  account(): Account {
    return this.#account.read(this.kernelKills());
  }

  /** Whether the counters may still show the line's cgroup. */
  mayPlace(seq: bigint): boolean {
    return this.#windows.isOpen(seq);
  }

  /** The log or /proc knows the cgroup of the line's victim. */
  placed(seq: bigint, path: string): void {
    this.#windows.placed(seq, path);
  }

  /** The kill is given out without a cgroup. */
  abandon(seq: bigint): void {
    this.#windows.abandon(seq);
  }

  /** Records of the log were lost, kill lines perhaps among them. */
  recordsLost(): void {
    this.#settle(performance.now());
    this.#incomplete = true;
    this.#allRead = undefined;
    // Where no kill comes either, this finds out that none was lost.
    this.#due = true;
  }

  /** Whether kill lines may be missing. Meanwhile kills are placed only when it turns out that none is. */
  get isIncomplete(): boolean {
    return this.#incomplete;
  }

  /** Reads the counters if a line was read since, as soon after it as may be: the fewer kills between, the surer. */
  observe(): void {
    if (!this.#due || performance.now() < this.#notBeforeMs) return;
    const { cgroups, total } = this.#sample();
    // A kill is counted before its line can be read, so that no line is missing where there are as many.
    if (this.#incomplete && (!this.#settled || total !== this.#windows.linesInWindow)) return;
    this.#incomplete = false;
    if (!this.#settled || total < this.#windows.linesInWindow) this.#zero();
    if (total !== this.#windows.linesInWindow) return;
    this.#windows.closeWindow(cgroups);
    this.#rebase();
  }

  /**
   * Like `observe` for kills without a line: a cgroup that is removed before they are given out has been read by then.
   * @returns kills that the kernel has counted since boot
   */
  follow(): number {
    const kernelKills = this.kernelKills();
    this.#due ||= kernelKills !== this.#counters.totalAtSample;
    this.observe();
    return kernelKills;
  }

  /** Places that have become certain. */
  takePlaces(): Place[] {
    return this.#windows.takePlaces().map((place) => ({ ...place, from: 'counter' }));
  }

  /** Kills that the kernel has counted since boot. */
  kernelKills(): number {
    return this.#counters.readTotalSinceBoot();
  }

  /** How many of so many kills since boot have no line. */
  unread(kernelKills: number): number {
    return kernelKills - this.#counters.totalAtRebase - this.#windows.linesInWindow;
  }

  /**
   * Every line of those `kernelKills` that is left has been read, if as many are still unread when they are taken: all of
   * them were lost before this moment, so that a later line without a place is none of theirs. One such line would
   * otherwise leave five lost kills of five cgroups without a name, for it may be of any.
   */
  markAllRead(kernelKills: number): void {
    if (this.#counters.totalAtSample !== kernelKills) return;
    this.#allRead = { sample: this.#sampled, lines: this.#windows.linesInWindow };
  }

  /**
   * Kills whose lines are certainly lost, as a cgroup each where that is certain. Only when every line of those
   * `kernelKills` that is left has been read. undefined: the kernel has just counted more, whose lines may be on their way.
   */
  takeUnread(kernelKills: number): (string | undefined)[] | undefined {
    const now = { sample: this.#sample(), lines: this.#windows.linesInWindow };
    if (now.sample.total !== kernelKills - this.#counters.totalAtRebase) return undefined;
    const marked = this.#allRead;
    const isUnreadSince = marked !== undefined && unreadAt(marked) === unreadAt(now);
    const { sample, lines } = isUnreadSince ? marked : now;
    const lost = this.#windows.takeLost(sample.cgroups, sample.total, lines);
    this.#rebase();
    this.#incomplete = false;
    this.#account.add(lost.length, kernelKills);
    return lost;
  }

  close(): void {
    this.#counters.close();
  }

  /**
   * Not when a line was printed too soon after the zero: its kill may be of before. Nor while lines are missing: then nobody
   * knows when they came.
   */
  #settle(printedMs: number): void {
    if (this.#incomplete) return;
    this.#settled ||= printedMs - this.#zeroMs > settleMs && this.#windows.linesInWindow === 0;
  }

  #zero(): void {
    this.#rebase();
    this.#windows.dropWindow();
    this.#settled = false;
    this.#zeroMs = performance.now();
  }

  #rebase(): void {
    this.#counters.rebase();
    this.#allRead = undefined;
  }

  #sample(): CounterSample {
    const startMs = performance.now();
    let sample = this.#counters.sample();
    if (sum(sample.cgroups.values()) < sample.total) {
      this.#counters.scan();
      sample = this.#counters.sample();
    }
    this.#due = false;
    this.#sampled = sample;
    const endMs = performance.now();
    this.#notBeforeMs = endMs + (endMs - startMs) * (1 / busyShare - 1);
    return sample;
  }
}

/** What was counted and read since the last rebase. */
interface Moment {
  sample: CounterSample;
  lines: number;
}

function unreadAt({ sample, lines }: Moment): number {
  return sample.total - lines;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
