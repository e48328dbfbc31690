// Long, because it is one list of what a journal can do, each a few lines.

import { AsyncLocalStorage } from 'node:async_hooks';
import { type Amendment, amended, type Kill, type RawReport, type RunUp } from '@oomwatcher/oom';
import type { Cursor, KnownCounts } from '@oomwatcher/watcher';
import { Ages } from './ages.js';
import {
  advanceBoot,
  type BootRecord,
  beginBoot,
  countKills,
  hasCursor,
  readBoot,
  restoreBoot,
  setUnaccounted,
  type Tallies,
} from './boots.js';
import { type Clock, machineClock } from './clock.js';
import type { KillQuery } from './kill-query.js';
import { insertReport, pruneDetails, reportOf } from './kill-reports.js';
import { findKills, type JournalledKill, killById, killsAfter, pruneKills } from './kill-rows.js';
import { runUpOf } from './kill-run-ups.js';
import { hasFewer, isAmong, type KillsFrom } from './kills-from.js';
import { readCounts, recordCounts } from './known-counts.js';
import { pruneAliases, putKill, recordKills } from './known-kill.js';
import { lastRowBefore, passTime } from './lived-time.js';
import { namedKill, type PodNames } from './named-kill.js';
import { lastRowOf, reserveRows, rowRange } from './row-numbers.js';
import type { Database } from './sqlite.js';
import { defaultKeepMs, Store, type StoreOptions } from './store.js';

export interface JournalOptions extends StoreOptions {
  /** Kills that are kept; default 100,000. */
  maxKills?: number;
  /** Kills that are kept while the journal is in memory; default 10,000. */
  maxKillsInMemory?: number;
  /** Kills whose reports and minutes before are kept, the newest; default 10,000, and a tenth of it in memory. */
  maxReports?: number;
  /** Default: the machine's. */
  clock?: Clock;
}

/** What is recorded together: a transaction. */
export interface JournalBatch {
  kills: readonly Kill[];
  /** Where the watcher is when it has given out these kills, and all before; undefined: nothing is known of that. */
  cursor: Cursor | undefined;
  /** Where the kernel's counters stand at the cursor, where that is known. */
  counts?: KnownCounts | undefined;
  /** Of the cursor's boot; what is to be added. */
  tallies: Partial<Tallies>;
  /** The newest record that `tallies.lost` counts. */
  lostThrough?: bigint;
  /** By the kill's id: the lines of the log that it was read from. */
  reports?: ReadonlyMap<string, RawReport>;
  /** Whether a kill was there before the agent's very first start; default: none. */
  historic?: (kill: Kill) => boolean;
}

/** `final`: kills that might have been amended will not be any more. */
export interface JournalChange {
  kind: 'appended' | 'completed' | 'final';
  kills: readonly JournalledKill[];
}

/** Every kill of this node, and where the watcher is, in one place that survives whatever ends the agent. */
export class Journal {
  readonly store: Store;
  readonly clock: Clock;
  readonly #ages: Ages;
  readonly #maxKills: number;
  readonly #maxKillsInMemory: number;
  readonly #keepMs: number;
  readonly #maxReports: number;
  readonly #listeners = new Set<(change: JournalChange) => void>();
  /** Time up to here is in the journal's own count of it. */
  #countedToMs: number;
  /** What must not be forgotten if the database on disk cannot be read any more. */
  #newestRow = 0;
  #boot: BootRecord | undefined;
  #amendable: KillsFrom | undefined;

  /** @throws JournalTrouble when another agent has the folder. */
  static open(folder: string, options: JournalOptions = {}): Journal {
    return new Journal(Store.open(folder, options), options);
  }

  private constructor(store: Store, options: JournalOptions) {
    this.store = store;
    this.clock = options.clock ?? machineClock;
    this.#ages = new Ages(this.clock);
    this.#countedToMs = this.clock.monotonicMs();
    this.#maxKills = options.maxKills ?? 100_000;
    this.#maxKillsInMemory = options.maxKillsInMemory ?? 10_000;
    this.#keepMs = options.keepMs ?? defaultKeepMs;
    this.#maxReports = options.maxReports ?? 10_000;
    store.onRescue((db) => {
      reserveRows(db, this.#newestRow);
      if (this.#boot !== undefined) restoreBoot(db, this.#boot, this.clock.wallMs());
    });
    this.#newestRow = store.read(lastRowOf);
    const after = () => {
      this.#newestRow = store.read(lastRowOf);
      this.#boot &&= this.boot(this.#boot.bootId);
      this.#ages.renumbered();
    };
    store.onRenumbering({ after });
  }

  /** Where the watcher resumes; undefined when this boot has not been watched. */
  cursor(bootId: string): Cursor | undefined {
    const { seq } = this.boot(bootId) ?? {};
    return seq === undefined ? undefined : { bootId, seq };
  }

  /** Where the kernel's counters stood at the cursor; undefined: that is not known. */
  counts(bootId: string): KnownCounts | undefined {
    const cursor = this.cursor(bootId);
    return cursor && this.store.read((db) => readCounts(db, cursor));
  }

  /** Whether any boot of this node has been watched: if not, the agent starts for the very first time. */
  get hasWatched(): boolean {
    return this.store.read(hasCursor);
  }

  boot(bootId: string): BootRecord | undefined {
    return this.store.read((db) => readBoot(db, bootId));
  }

  /** Records a batch and returns the kills that are new: one whose id is there already is not added again. */
  append(batch: JournalBatch): readonly JournalledKill[] {
    const { kills, cursor, tallies, reports, lostThrough = -1n, historic = () => false } = batch;
    const nowMs = this.clock.wallMs();
    const passedMs = this.clock.monotonicMs() - this.#countedToMs;
    const { added, completed, boot } = this.store.write((db) => {
      for (const bootId of new Set(kills.map(({ bootId }) => bootId)))
        if (bootId !== undefined) beginBoot(db, bootId, nowMs);
      const { added, completed } = recordKills(db, kills, nowMs, historic);
      for (const { row, kill } of added) {
        const report = reports?.get(kill.id);
        if (report !== undefined) insertReport(db, row, report);
      }
      countKills(db, added);
      passTime(db, passedMs, this.#keepMs);
      if (added.length > 0) this.#prune(db);
      if (cursor !== undefined) {
        beginBoot(db, cursor.bootId, nowMs);
        advanceBoot(db, cursor, tallies, lostThrough);
        recordCounts(db, batch.counts);
      }
      const bootId = cursor?.bootId ?? added.at(-1)?.kill.bootId;
      const boot = bootId === undefined ? undefined : readBoot(db, bootId);
      return { added, completed, boot };
    });
    this.#countedToMs += passedMs;
    this.#boot = boot ?? this.#boot;
    this.#newestRow = added.at(-1)?.row ?? this.#newestRow;
    if (added[0] !== undefined) this.#ages.recorded(added[0].row);
    this.#changed('appended', added);
    this.#changed('completed', completed);
    return added;
  }

  /** Puts in what the pod is called. undefined: the kill is not there (any more), or is of no pod. */
  complete(id: string, names: PodNames, runtime?: string): JournalledKill | undefined {
    return this.#update(id, (kill) => namedKill(kill, names, runtime));
  }

  /**
   * Puts in what has turned out since the kill was recorded. undefined: the kill is not there (any more).
   *
   * @param enrich adds what is known of the kill that it is now
   */
  amend(
    { id, fields }: Pick<Amendment, 'id' | 'fields'>,
    enrich = (kill: Kill) => kill,
  ): JournalledKill | undefined {
    return this.#update(id, (kill) => enrich(amended(kill, { fields })));
  }

  /** What may still be amended: who counts a kill once may wait for it to be final. */
  get amendable(): KillsFrom | undefined {
    return this.#amendable;
  }

  set amendable(from: KillsFrom | undefined) {
    const before = this.#amendable;
    this.#amendable = from;
    if (hasFewer(from, before)) this.#tell({ kind: 'final', kills: [] });
  }

  mayBeAmended(kill: Kill): boolean {
    return this.#amendable !== undefined && isAmong(kill, this.#amendable);
  }

  #update(id: string, change: (kill: Kill) => Kill | undefined): JournalledKill | undefined {
    const changed = this.store.write((db) => {
      const found = killById(db, id);
      const kill = found && change(found.kill);
      if (found === undefined || kill === undefined) return undefined;
      return putKill(db, { ...found, kill });
    });
    if (changed !== undefined) this.#changed('completed', [changed]);
    return changed;
  }

  /** Kills recorded after the row, in the order of recording. */
  after(row: number, limit: number): JournalledKill[] {
    return this.store.read((db) => killsAfter(db, row, limit));
  }

  /** Newest first. */
  find(query: KillQuery): JournalledKill[] {
    return this.store.read((db) => findKills(db, query));
  }

  /** The lines of the log that the kill was read from; undefined: they are not kept (any more). */
  report(kill: Kill): RawReport | undefined {
    return this.store.read((db) => reportOf(db, kill));
  }

  /** The minutes before the kill; undefined: they were not recorded, or are not kept (any more). */
  runUp(kill: Kill): RunUp | undefined {
    return this.store.read((db) => runUpOf(db, kill));
  }

  /** The first and last row that are there; undefined: none. */
  rows(): { oldest: number; newest: number } | undefined {
    return this.store.read(rowRange);
  }

  /** The newest row that was ever given, whether its kill is still there or not; 0: none. */
  get lastRow(): number {
    return this.#newestRow;
  }

  /** Milliseconds since the epoch for whoever waits: the wall clock as it was at the start, never set since. */
  steadyMs(): number {
    return this.#ages.steadyMs;
  }

  /** How long ago the kill was recorded, whatever was done to the wall clock since. */
  ageMs(journalled: Pick<JournalledKill, 'row' | 'recordedMs'>): number {
    return this.#ages.of(journalled);
  }

  /** What the running watch itself cannot account for, at a calm moment. */
  setUnaccounted(bootId: string, unaccounted: number): void {
    this.#boot = this.store.write((db) => {
      setUnaccounted(db, bootId, unaccounted);
      return readBoot(db, bootId);
    });
  }

  /** Forgets what is too old, also where nothing new comes. */
  prune(): void {
    const passedMs = this.clock.monotonicMs() - this.#countedToMs;
    this.store.write((db) => {
      passTime(db, passedMs, this.#keepMs);
      this.#prune(db);
    });
    this.#countedToMs += passedMs;
  }

  /**
   * Called after every change, when it is recorded. Returns what ends it. What a listener throws is thrown again where
   * it was added, and outside of the journal: the recorder that is in the middle of its work is not to blame.
   */
  onChange(listener: (change: JournalChange) => void): () => void {
    const inItsContext = AsyncLocalStorage.snapshot();
    const careful = (change: JournalChange) =>
      inItsContext(() => {
        try {
          listener(change);
        } catch (error) {
          queueMicrotask(() => {
            throw error;
          });
        }
      });
    this.#listeners.add(careful);
    return () => this.#listeners.delete(careful);
  }

  close(): void {
    this.store.close();
  }

  #prune(db: Database): void {
    const inMemory = this.store.storage.kind === 'memory';
    const max = inMemory ? this.#maxKillsInMemory : this.#maxKills;
    pruneKills(db, max, lastRowBefore(db, this.#keepMs));
    pruneAliases(db);
    pruneDetails(db, inMemory ? this.#maxReports / 10 : this.#maxReports);
  }

  #changed(kind: JournalChange['kind'], kills: readonly JournalledKill[]): void {
    if (kills.length > 0) this.#tell({ kind, kills });
  }

  #tell(change: JournalChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
