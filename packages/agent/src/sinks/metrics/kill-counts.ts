import type { Journal, JournalChange, JournalledKill } from '@oomwatcher/journal';
import { deleteSeries, readCounts, saveCursor, saveSeries, saveWaiting } from './count-rows.js';
import { type FamilyName, families, type LabelValues } from './series.js';
import { SeriesTable } from './series-table.js';

export interface KillCountsOptions {
  /** Series of one counter; the least recently killed beyond them are one series, `other`. Default 1,000. */
  mostSeries?: number;
  /** How long a pod's kill waits for the pod's name, ms. Default 0: nobody will learn one. */
  nameWaitMs?: number;
}

/** Rows counted in one turn of the event loop. */
const rowsAtOnce = 256;

/** Kills that wait for a name; more are counted without one. */
const mostWaiting = 1000;

/**
 * Counts the journal's kills by their labels. Counts are kept in the journal's database with the row up to which they
 * count, in one transaction: they outlive the container, the agent, and the kills' own rows. A kill is counted once, for
 * a counter cannot move from one set of labels to another; so one whose pod has no name yet waits for it a while.
 */
export class KillCounts {
  readonly #journal: Journal;
  readonly #nameWaitMs: number;
  readonly #tables: ReadonlyMap<FamilyName, SeriesTable>;
  /** Every kill up to here is counted or waits. */
  #row: number;
  readonly #waiting = new Map<number, JournalledKill>();
  #next: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(journal: Journal, { mostSeries = 1000, nameWaitMs = 0 }: KillCountsOptions = {}) {
    this.#journal = journal;
    this.#nameWaitMs = nameWaitMs;
    this.#tables = new Map(
      families.map((family) => [family.name, new SeriesTable(family, mostSeries)]),
    );
    const saved = journal.store.read(readCounts);
    this.#row = saved.row;
    for (const { family, values, kills, lastRow } of saved.series)
      this.#tables.get(family)?.restore(values, kills, lastRow);
    for (const row of saved.waiting) {
      const found = journal.after(row - 1, 1)[0];
      if (found?.row === row) this.#waiting.set(row, found);
    }
  }

  start(): void {
    this.#unsubscribe = this.#journal.onChange((change) => this.#changed(change));
    this.#soon();
    this.#wakeForWaiting();
  }

  /** Counts what is recorded, and leaves what waits for the next start. */
  stop(): void {
    this.#unsubscribe?.();
    clearImmediate(this.#next);
    clearTimeout(this.#timer);
    while (this.#countNext());
  }

  /** Every series of one counter with its kills. */
  *of(family: FamilyName): Generator<{ values: LabelValues; kills: number }> {
    yield* this.#tables.get(family)?.series() ?? [];
  }

  /** All kills that are counted. */
  get total(): number {
    let total = 0;
    for (const { kills } of this.of('scopes')) total += kills;
    return total;
  }

  #changed({ kind, kills }: JournalChange): void {
    if (kind === 'appended') return this.#soon();
    const named = kills.filter(({ row }) => this.#waiting.has(row));
    if (named.length > 0) this.#save(named, this.#row);
  }

  #soon(): void {
    this.#next ??= setImmediate(() => {
      this.#next = undefined;
      if (this.#countNext()) this.#soon();
    });
  }

  /** Returns whether there may be more. */
  #countNext(): boolean {
    const found = this.#journal.after(this.#row, rowsAtOnce);
    const last = found.at(-1);
    if (last === undefined) return false;
    const now: JournalledKill[] = [];
    for (const journalled of found) {
      if (this.#mustWait(journalled)) this.#waiting.set(journalled.row, journalled);
      else now.push(journalled);
    }
    this.#save(now, last.row);
    this.#wakeForWaiting();
    return found.length === rowsAtOnce;
  }

  #mustWait({ kill: { pod }, recordedMs }: JournalledKill): boolean {
    if (pod === undefined || pod.name !== undefined) return false;
    return this.#waiting.size < mostWaiting && Date.now() - recordedMs < this.#nameWaitMs;
  }

  #wakeForWaiting(): void {
    clearTimeout(this.#timer);
    const oldest = this.#waiting.values().next().value;
    if (oldest === undefined) return;
    const dueMs = oldest.recordedMs + this.#nameWaitMs;
    this.#timer = setTimeout(() => this.#countDue(), Math.max(0, dueMs - Date.now())).unref();
  }

  #countDue(): void {
    const nowMs = Date.now();
    const due = [...this.#waiting.values()].filter(
      ({ recordedMs }) => nowMs - recordedMs >= this.#nameWaitMs,
    );
    if (due.length > 0) this.#save(due, this.#row);
    this.#wakeForWaiting();
  }

  #save(kills: readonly JournalledKill[], row: number): void {
    for (const { row } of kills) this.#waiting.delete(row);
    for (const table of this.#tables.values()) {
      for (const { kill, row } of kills) table.count(kill, row);
    }
    this.#row = Math.max(this.#row, row);
    const changes = [...this.#tables].map(([family, table]) => ({ family, ...table.changes() }));
    const waiting = [...this.#waiting.keys()];
    this.#journal.store.write((db) => {
      for (const { family, changed, removed } of changes) {
        for (const series of changed) saveSeries(db, { family, ...series });
        for (const values of removed) deleteSeries(db, family, values);
      }
      saveCursor(db, this.#row);
      saveWaiting(db, waiting);
    });
  }
}
