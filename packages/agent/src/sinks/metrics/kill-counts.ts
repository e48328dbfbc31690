import {
  Follower,
  type Journal,
  type JournalChange,
  type JournalledKill,
} from '@oomwatcher/journal';
import { countedTo, deleteSeries, readCounts, saveSeries, saveWaiting } from './count-rows.js';
import { type Family, type FamilyName, families } from './series.js';
import { type Series, SeriesTable } from './series-table.js';

export interface KillCountsOptions {
  /** Series of one counter; the least recently killed beyond them are one series, `other`. Default 1,000. */
  maxSeries?: number;
  /** How long a pod's kill waits for the pod's name, ms. Default 0: nobody will learn one. */
  nameWaitMs?: number;
  /** The counters and their labels; default those of this version. */
  families?: readonly Family[];
}

/** Rows counted in one turn of the event loop. */
const rowsAtOnce = 256;

/** After a failure. */
const againMs = 10_000;

/** Kills that wait for a name; more are counted without one. */
const maxWaiting = 1000;

/**
 * Counts the journal's kills by their labels. Counts are kept in the journal's database with the row up to which they
 * count, in one transaction: they outlive the container, the agent, and the kills' own rows. A kill is counted once, for
 * a counter cannot move from one set of labels to another; so one whose pod has no name yet waits for it a while.
 */
export class KillCounts {
  readonly #journal: Journal;
  readonly #options: KillCountsOptions;
  #tables: ReadonlyMap<Family, SeriesTable> = new Map();
  /** Every kill up to its row is counted or waits. */
  #follower: Follower;
  readonly #waiting = new Map<number, JournalledKill>();
  #next: NodeJS.Immediate | undefined;
  #again: NodeJS.Timeout | undefined;
  #failure: Error | undefined;

  constructor(journal: Journal, options: KillCountsOptions = {}) {
    this.#journal = journal;
    this.#options = options;
    this.#follower = this.#load();
  }

  /** What the journal has counted, and who goes on from there. */
  #load(): Follower {
    const { maxSeries = 1000, nameWaitMs = 0, families: all = families } = this.#options;
    const journal = this.#journal;
    this.#tables = new Map(all.map((family) => [family, new SeriesTable(family, maxSeries)]));
    this.#waiting.clear();
    const saved = journal.store.read((db) => readCounts(db, all));
    for (const { family, stored, ...series } of saved.series)
      this.#tables.get(family)?.restore(series, stored);
    for (const row of saved.waiting) {
      const found = journal.after(row - 1, 1)[0];
      if (found?.row === row) this.#waiting.set(row, found);
    }
    return new Follower(journal, {
      position: countedTo,
      nameWaitMs,
      wake: (change) => this.#woken(change),
    });
  }

  /** Kills have other rows now, and those of another journal are there too. */
  renumbered(): void {
    this.#follower.stop();
    this.#carefully(() => {
      this.#follower = this.#load();
      this.start();
    });
  }

  start(): void {
    this.#follower.start();
    this.#soon();
    this.#wakeForWaiting();
  }

  /** Counts what is recorded, and leaves what waits for the next start. */
  stop(): void {
    clearImmediate(this.#next);
    clearTimeout(this.#again);
    this.#carefully(() => {
      while (this.#countNext());
    });
    clearTimeout(this.#again);
    this.#follower.stop();
  }

  /** Every series of one counter. */
  *of(family: FamilyName): Generator<Series> {
    // Counts of a while ago would look right.
    if (this.#failure !== undefined) throw this.#failure;
    for (const [{ name }, table] of this.#tables) if (name === family) yield* table.series();
  }

  /** All kills that are counted. */
  get total(): number {
    let total = 0;
    for (const { kills } of this.of('scopes')) total += kills;
    return total;
  }

  /** A failure is the metrics' own: counted again in a while, from where they are, and reported by /metrics. */
  #carefully(work: () => void): void {
    try {
      work();
      this.#failure = undefined;
    } catch (error) {
      this.#failure = error as Error;
      clearTimeout(this.#again);
      this.#again = setTimeout(() => this.#soon(), againMs).unref();
    }
  }

  #woken(change: JournalChange | undefined): void {
    this.#carefully(() => this.#take(change));
  }

  #take(change: JournalChange | undefined): void {
    if (change?.kind === 'appended') return this.#soon();
    const named = change?.kills.filter(({ row }) => this.#waiting.has(row)) ?? [];
    for (const journalled of named) this.#waiting.set(journalled.row, journalled);
    const due = this.#due();
    if (due.length > 0) this.#save(due, []);
    this.#wakeForWaiting();
  }

  #soon(): void {
    this.#next ??= setImmediate(() => {
      this.#next = undefined;
      this.#carefully(() => {
        if (this.#countNext()) this.#soon();
      });
    });
  }

  /** Returns whether there may be more. */
  #countNext(): boolean {
    const found = this.#follower.next(rowsAtOnce);
    if (found.length === 0) return false;
    const now: JournalledKill[] = [];
    for (const journalled of found) {
      if (this.#waiting.size < maxWaiting && this.#follower.mustWait(journalled))
        this.#waiting.set(journalled.row, journalled);
      else now.push(journalled);
    }
    this.#save(now, found);
    this.#wakeForWaiting();
    return found.length === rowsAtOnce;
  }

  #wakeForWaiting(): void {
    this.#follower.wakeFor(this.#waiting.values().next().value);
  }

  /** Those that need not wait any more. */
  #due(): JournalledKill[] {
    return [...this.#waiting.values()].filter((journalled) => !this.#follower.mustWait(journalled));
  }

  #save(counted: readonly JournalledKill[], taken: readonly JournalledKill[]): void {
    for (const { row } of counted) this.#waiting.delete(row);
    for (const table of this.#tables.values()) {
      for (const journalled of counted) table.count(journalled);
    }
    const changes = [...this.#tables].map(([family, table]) => ({ family, ...table.changes() }));
    const waiting = [...this.#waiting.keys()];
    this.#follower.took(taken, (db) => {
      for (const { family, changed, removed } of changes) {
        for (const labels of removed) deleteSeries(db, family, labels);
        for (const series of changed) saveSeries(db, family, series);
      }
      saveWaiting(db, waiting);
    });
  }
}
