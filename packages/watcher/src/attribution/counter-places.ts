// Long, because the zero, the window and what is incomplete are one state.

import type { MemoryHierarchy } from '../node/memory-hierarchy.js';
import { type Account, CounterAccount } from './account.js';
import { CountedLines, calmMs } from './counted-lines.js';
import { CounterWindows } from './counter-windows.js';
import type { KnownCounts } from './known-counts.js';
import type { ReadingState } from './last-count.js';
import { type CounterSample, OomCounters } from './oom-counters.js';
import type { Place, PlaceSource } from './place-source.js';

/** Sampling may take this part of the time: a node has thousands of cgroups, and a storm hundreds of kills a second. */
const busyShare = 0.2;

/** How far the log is read, and what it still holds. */
export interface CounterReading extends ReadingState {
  /** The first record that it held when it was opened. */
  firstSeq(): bigint | undefined;
  /** The last record that was taken. */
  readonly processedSeq: bigint;
}

/** Places kills by the kernel's counters where neither the log nor /proc did, and finds kills whose line was lost. */
export class CounterPlaces implements PlaceSource {
  readonly #counters: OomCounters;
  readonly #windows = new CounterWindows();
  #due = false;
  #zeroMs = 0;
  #isBegun = false;
  /**
   * Whether the zero counts. Until then an equal number of lines and counts says nothing: a kill that was counted before
   * the zero may be read after it, and pass for one that was counted since and not yet read.
   */
  #settled = false;
  /** Lines up to here are of kills that were counted before the zero. */
  #zeroSeq = -1n;
  /** Where the watch before ended; undefined: nothing is known of it. */
  #before: KnownCounts | undefined;
  readonly #reading: CounterReading;
  readonly #counted: CountedLines;
  readonly #account = new CounterAccount();
  /** Kill lines may be missing. */
  #incomplete = false;
  #notBeforeMs = 0;
  #sampled: CounterSample = { cgroups: new Map(), total: 0 };
  /** The first moment since the last loss at which every line that is left had been read. */
  #allRead: Moment | undefined;

  /** undefined: this node has no counters to ask. */
  static open(
    hierarchy: MemoryHierarchy,
    reading: CounterReading,
    before?: KnownCounts,
  ): CounterPlaces | undefined {
    const counters = OomCounters.open(hierarchy);
    return counters === undefined ? undefined : new CounterPlaces(counters, reading, before);
  }

  private constructor(
    counters: OomCounters,
    reading: CounterReading,
    before: KnownCounts | undefined,
  ) {
    this.#counters = counters;
    this.#reading = reading;
    this.#counted = new CountedLines(reading);
    this.#before = before;
  }

  /** A kill line of before `begin`: one of those that nobody had read when the watch before ended? */
  pastLine(seq: bigint): void {
    if (this.#before !== undefined && seq > BigInt(this.#before.seq)) this.#windows.killLine(seq);
  }

  /** From now on: what the kernel has counted before is not this watch's, but where the watch before ended is known. */
  begin(): void {
    this.#settled = this.#goesOn();
    this.#before = undefined;
    this.#isBegun = true;
    if (this.#settled) {
      this.#account.begin(this.#counters.totalAtRebase + this.#windows.linesInWindow);
      this.#due = true;
      this.observe();
      return;
    }
    this.#sample();
    this.#zero();
    this.#account.begin(this.#counters.totalAtRebase);
  }

  /** Records of before `begin` are lost: the counts of before are of no use. */
  pastLost(): void {
    this.#before = undefined;
    this.#windows.dropWindow();
  }

  /**
   * What the next watch may go on from; undefined: nothing is certain yet.
   *
   * @param doneSeq all lines up to here have been taken
   */
  counts(doneSeq: bigint): Omit<KnownCounts, 'bootId'> | undefined {
    const counts = this.#settled && !this.#incomplete ? this.#counters.atRebase() : undefined;
    if (counts === undefined) return undefined;
    // Where no kill line came since, all later records are done with as well: the log forgets, and a kill may be long ago.
    const isNewest = this.#windows.linesInWindow === 0 && doneSeq > this.#zeroSeq;
    return { ...counts, seq: String(isNewest ? doneSeq : this.#zeroSeq) };
  }

  /** @param printedMs when the kernel wrote the line, in the time of performance.now() */
  killLine(seq: bigint, printedMs = performance.now()): void {
    this.#settle(printedMs);
    this.#account.add(1, this.kernelKills());
    this.#windows.killLine(seq);
    this.#counted.add();
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
    this.#counted.forget();
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
    if (this.#looksForZero && this.#findZero(performance.now())) return;
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

  /** Milliseconds until `observe` may find out more though no line comes. */
  waitMs(nowMs: number): number | undefined {
    return this.#looksForZero ? this.#counted.waitMs(nowMs) : undefined;
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
    this.#settled ||= printedMs - this.#zeroMs > calmMs && this.#windows.linesInWindow === 0;
  }

  /** Whether all lines since the counts of before are there. */
  #goesOn(): boolean {
    const before = this.#before;
    const firstSeq = this.#reading.firstSeq();
    if (before === undefined || firstSeq === undefined) return false;
    this.#zeroSeq = BigInt(before.seq);
    return firstSeq <= this.#zeroSeq + 1n && this.#counters.rebaseTo(before);
  }

  get #looksForZero(): boolean {
    return !this.#settled && !this.#incomplete && this.#isBegun;
  }

  /** Also in a storm there are moments between two kills. Returns whether this was one. */
  #findZero(nowMs: number): boolean {
    const kernelKills = this.kernelKills();
    if (!this.#counted.agree(kernelKills, nowMs)) return false;
    this.#sample();
    if (this.#counters.totalAtSample !== kernelKills) return false;
    this.#zero();
    this.#settled = true;
    return true;
  }

  #zero(): void {
    this.#rebase();
    this.#windows.dropWindow();
    this.#settled = false;
    this.#zeroMs = performance.now();
  }

  #rebase(): void {
    this.#counters.rebase();
    this.#zeroSeq = this.#reading.processedSeq;
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
