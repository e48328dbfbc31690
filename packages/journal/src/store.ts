// Long, because disk, memory and the way between them are one state machine.

import { statSync } from 'node:fs';
import { BackFill, type BackFilled } from './back-fill.js';
import { type Clock, machineClock } from './clock.js';
import { bringUpToDate, copyNewest } from './copy.js';
import {
  closeQuietly,
  isEmpty,
  journalPath,
  makeFolder,
  mend,
  openDamaged,
  openDatabase,
  openForReading,
  openForReadingAlone,
} from './database-file.js';
import { logOf, moveAside, removeLog } from './files-beside.js';
import { mergeInto } from './merge.js';
import { leftOutOf } from './read-rows.js';
import { migrate, mustBeUsable } from './schema.js';
import { type Database, DatabaseSync } from './sqlite.js';
import { StateLock } from './state-lock.js';
import { JournalTrouble, removedFile, troubleOf } from './trouble.js';

/** Where the journal is; `reason` is one sentence with the remedy. */
export type Storage = { kind: 'disk'; path: string } | { kind: 'memory'; reason: string };

/** What whoever runs the agent must know about its journal; each is reported once. */
export type StorageEvent =
  | ({ kind: 'disk'; path: string } | { kind: 'memory'; reason: string })
  /** A damaged database was put out of the way and a new one begun. */
  | { kind: 'moved'; path: string; to: string }
  /** What could be read of it has been taken over. */
  | ({ kind: 'recovered' } & BackFilled)
  /** Rows that cannot be read are left out: so many by now. */
  | { kind: 'left-out'; rows: number };

export interface StoreOptions {
  /** How often the disk is tried again while the journal is in memory; default a minute. */
  retryMs?: number;
  /** Called with where the journal is, and whenever that changes. */
  report?: (event: StorageEvent) => void;
  clock?: Clock;
  /** For how long a kill is kept, milliseconds in which an agent runs; default 30 days. */
  keepMs?: number;
}

/**
 * Called around the moment at which kills get other rows: what was recorded in memory is joined with a journal that could
 * not be read until then. Whoever works by rows ends before it and begins anew after it.
 */
export interface Renumbering {
  before?: () => void | Promise<void>;
  after: () => void;
}

/** How often it is reported that more rows cannot be read. */
const leftOutEveryMs = 60_000;

export const defaultKeepMs = 30 * 24 * 60 * 60 * 1000;

/** Of a journal that goes to memory, so many of its kills go with it: names are still learned for the newest. */
const killsTakenAlong = 1000;

/**
 * The one way to the agent's database: kills, cursors and the tables of the sinks. It is on disk; when the disk fails it
 * goes on in memory, from where the disk's state ends, and as soon as the disk takes it again one transaction brings
 * the disk from that state to memory's: nothing is written twice and no state in between is ever there.
 *
 * An agent that is restarted meanwhile goes on from the disk's state: it reports again what it had reported from memory and
 * the kernel's log still holds.
 */
export class Store {
  readonly #folder: string;
  readonly #path: string;
  readonly #retryMs: number;
  readonly #keepMs: number;
  readonly #clock: Clock;
  readonly #report: (event: StorageEvent) => void;
  #lock: StateLock | undefined;
  #db: Database;
  #storage: Storage;
  #retry: NodeJS.Timeout | undefined;
  readonly #looking: NodeJS.Timeout;
  /** Which file the path named when it was opened. */
  #file: string | undefined;
  /** The same of its write-ahead log. */
  #log: string | undefined;
  /** Whether memory holds all that the disk's state is to go on with, while the path names that file. */
  #goesOnFromDisk = false;
  readonly #renumberings = new Set<Renumbering>();
  #closed = false;
  #rescue: (db: Database) => void = () => {};
  #backFill: BackFill | undefined;
  /** Rows of databases of before that could not be read, and the newest count that was reported. */
  #leftOutBefore = 0;
  #leftOutReported = 0;
  #leftOutReportedMs = Number.NEGATIVE_INFINITY;

  /** @throws JournalTrouble when another agent has the folder; for anything else the journal is in memory. */
  static open(folder: string, options: StoreOptions = {}): Store {
    return new Store(folder, options);
  }

  private constructor(folder: string, options: StoreOptions) {
    const {
      retryMs = 60_000,
      keepMs = defaultKeepMs,
      report = () => {},
      clock = machineClock,
    } = options;
    this.#keepMs = keepMs;
    this.#clock = clock;
    this.#folder = folder;
    this.#path = journalPath(folder);
    this.#retryMs = retryMs;
    this.#report = report;
    this.#storage = { kind: 'disk', path: this.#path };
    try {
      this.#db = this.#openOrBeginAnew();
    } catch (error) {
      const trouble = troubleOf(error, this.#path);
      // With the lock in hand it is no agent that has the journal.
      if (trouble === undefined || (trouble.kind === 'in-use' && this.#lock === undefined)) {
        this.#lock?.release();
        throw trouble ?? error;
      }
      this.#db = this.#toMemory(trouble, this.#readableDisk(trouble)).db;
    }
    this.#rememberFile();
    this.#looking = setInterval(() => this.#lookForFile(), retryMs).unref();
    this.#report(this.#storage);
  }

  get storage(): Storage {
    return this.#storage;
  }

  /** What is written to a database that had to begin in memory when the disk's could not be read to its end. */
  onRescue(rescue: (db: Database) => void): void {
    this.#rescue = rescue;
  }

  /** What must be done when kills get other rows. */
  onRenumbering(renumbering: Renumbering): void {
    this.#renumberings.add(renumbering);
  }

  /** Rows that could not be read since the start. */
  get leftOut(): number {
    return this.#leftOutBefore + leftOutOf(this.#db);
  }

  /** `use` may run a second time, on the database in memory. */
  read<T>(use: (db: Database) => T): T {
    return this.#orFromMemory(() => use(this.#db));
  }

  /** Runs `use` as one transaction. It may run a second time, on the database in memory. */
  write<T>(use: (db: Database) => T): T {
    return this.#orFromMemory(() => transaction(this.#db, use));
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    clearInterval(this.#looking);
    this.#backFill?.stop();
    closeQuietly(this.#db);
    this.#lock?.release();
    this.#lock = undefined;
  }

  #orFromMemory<T>(use: () => T): T {
    try {
      const result = use();
      this.#reportLeftOut();
      return result;
    } catch (error) {
      const trouble = this.#storage.kind === 'disk' ? troubleOf(error, this.#path) : undefined;
      if (trouble === undefined) throw error;
      this.#fallBack(trouble);
      return use();
    }
  }

  /** Once a minute at most: a damaged page is asked for again and again. */
  #reportLeftOut(): void {
    const rows = this.leftOut;
    const nowMs = this.#clock.monotonicMs();
    if (rows <= this.#leftOutReported || nowMs - this.#leftOutReportedMs < leftOutEveryMs) return;
    this.#leftOutReported = rows;
    this.#leftOutReportedMs = nowMs;
    this.#report({ kind: 'left-out', rows });
  }

  #fallBack(trouble: JournalTrouble): void {
    const disk = this.#db;
    const { db, firstRow } = this.#toMemory(trouble, disk);
    this.#db = db;
    transaction(this.#db, this.#rescue);
    if (trouble.kind === 'corrupt' && this.#beginAnew(firstRow)) return;
    this.#report(this.#storage);
  }

  #rememberFile(): void {
    this.#file = fileAt(this.#path);
    this.#log = fileAt(logOf(this.#path));
  }

  /** SQLite goes on writing to a file that nobody can find any more. */
  #lookForFile(): void {
    if (this.#storage.kind === 'memory') return;
    const [file, log] = [fileAt(this.#path), fileAt(logOf(this.#path))];
    // What is open can be written also where its folder was closed.
    if (file === unknown) return;
    if (file === this.#file) {
      this.#log = log;
      return;
    }
    this.#fallBack(removedFile(this.#path));
    if (log !== undefined && log === this.#log) removeLog(this.#path);
    // What lies there now is another's, and its rows are not ours.
    this.#goesOnFromDisk = false;
    // Its file is another one now.
    this.#lock?.release();
    this.#lock = undefined;
    if (this.#returnToDisk()) this.#report(this.#storage);
  }

  /** Closes `disk`: a file that is replaced or removed meanwhile must not be written to. */
  #toMemory(trouble: JournalTrouble, disk: Database | undefined) {
    this.#backFill?.stop();
    const memory = new DatabaseSync(':memory:');
    migrate(memory, ':memory:');
    const copied =
      disk === undefined
        ? { whole: false, firstRow: 1 }
        : transaction(memory, () => copyNewest(disk, memory, killsTakenAlong));
    if (disk !== undefined) this.#leftOutBefore += leftOutOf(disk);
    closeQuietly(disk);
    this.#goesOnFromDisk = copied.whole;
    this.#storage = { kind: 'memory', reason: trouble.message };
    this.#announceStorage();
    this.#retryLater();
    return { db: memory, firstRow: copied.firstRow };
  }

  /** The database that cannot be written, to go on from its cursor at least. */
  #readableDisk({ kind }: JournalTrouble): Database | undefined {
    if (kind === 'newer' || kind === 'foreign' || kind === 'corrupt') return undefined;
    try {
      const db =
        this.#lock === undefined ? openForReading(this.#path) : openForReadingAlone(this.#path);
      mustBeUsable(db, this.#path);
      return db;
    } catch {
      return undefined;
    }
  }

  #openOrBeginAnew(): Database {
    makeFolder(this.#folder);
    this.#lock ??= StateLock.take(this.#folder);
    try {
      return openDatabase(this.#path);
    } catch (error) {
      if (!(error instanceof JournalTrouble) || error.kind !== 'corrupt') throw error;
      const aside = this.#moveAside();
      const db = openDatabase(this.#path);
      this.#takeOver(aside, db);
      return db;
    }
  }

  #moveAside(): string {
    const to = moveAside(this.#path);
    this.#report({ kind: 'moved', path: this.#path, to });
    return to;
  }

  /** What can be read of a database that was put aside: the newest at once, older kills by and by. */
  #takeOver(aside: string, db: Database): void {
    let from: Database | undefined;
    try {
      from = openDamaged(aside);
      const damaged = from;
      const { firstRow } = transaction(db, () => {
        const copied = copyNewest(damaged, db, killsTakenAlong);
        mend(db);
        return copied;
      });
      this.#leftOutBefore += leftOutOf(damaged);
      this.#backFillFrom(aside, firstRow);
    } catch {
      // Nothing of it can be read.
    } finally {
      closeQuietly(from);
    }
  }

  #backFillFrom(aside: string, firstRow: number): void {
    const write = (use: (db: Database) => void) => this.write(use);
    this.#backFill = BackFill.begin(aside, firstRow, write, (filled) => {
      this.#leftOutBefore += filled.leftOut;
      if (filled.kills > 0 || filled.leftOut > 0) this.#report({ kind: 'recovered', ...filled });
    });
  }

  /** Returns whether the journal is on disk again, in a new database. */
  #beginAnew(firstRow: number): boolean {
    try {
      const aside = this.#moveAside();
      this.#goesOnFromDisk = true;
      if (!this.#returnToDisk()) return false;
      this.#backFillFrom(aside, firstRow);
      return true;
    } catch (error) {
      if (troubleOf(error, this.#path) === undefined) throw error;
      return false;
    }
  }

  #retryLater(): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      if (this.#returnToDisk()) this.#report(this.#storage);
      else if (this.#mustMerge()) void this.#returnByMerging();
      else this.#retryLater();
    }, this.#retryMs).unref();
  }

  /** A database that was never read has rows and cursors of its own. */
  #mustMerge(): boolean {
    const goesOn = this.#goesOnFromDisk && fileAt(this.#path) === this.#file;
    return !goesOn && !isEmpty(this.#path);
  }

  async #returnByMerging(): Promise<void> {
    if (this.#canBeOpened()) {
      await Promise.all([...this.#renumberings].map(({ before }) => before?.()));
      if (this.#closed) return;
      const merged = this.#return((memory, disk) =>
        mergeInto(disk, memory, { keepMs: this.#keepMs }),
      );
      if (merged) this.#report(this.#storage);
      for (const { after } of this.#renumberings) after();
    }
    if (this.#storage.kind === 'memory') this.#retryLater();
  }

  /** Looked at before anybody stops for it. */
  #canBeOpened(): boolean {
    try {
      this.#lock ??= StateLock.take(this.#folder);
      closeQuietly(openDatabase(this.#path));
      return true;
    } catch (error) {
      if (troubleOf(error, this.#path) === undefined) throw error;
      return false;
    }
  }

  #returnToDisk(): boolean {
    return !this.#mustMerge() && this.#return(bringUpToDate);
  }

  #return(write: (memory: Database, disk: Database) => void): boolean {
    const memory = this.#db;
    let disk: Database | undefined;
    try {
      makeFolder(this.#folder);
      this.#lock ??= StateLock.take(this.#folder);
      disk = openDatabase(this.#path);
      transaction(disk, (db) => write(memory, db));
    } catch (error) {
      closeQuietly(disk);
      if (troubleOf(error, this.#path) === undefined) throw error;
      return false;
    }
    clearTimeout(this.#retry);
    memory.close();
    this.#db = disk;
    this.#rememberFile();
    this.#storage = { kind: 'disk', path: this.#path };
    this.#announceStorage();
    return true;
  }

  /** Readers of the disk's journal must know when it is not the agent's any more. */
  #announceStorage(): void {
    try {
      this.#lock?.announce(this.#storage.kind);
    } catch (error) {
      if (troubleOf(error, this.#path) === undefined) throw error;
      // Another agent has the folder now: this one goes on in memory until that one ends.
      this.#lock?.release();
      this.#lock = undefined;
    }
  }
}

const unknown = 'unknown';

/** Which file a path names; undefined: none; `unknown`: it may not be looked at. */
function fileAt(path: string): string | undefined {
  try {
    const status = statSync(path, { throwIfNoEntry: false });
    return status && `${status.dev} ${status.ino}`;
  } catch {
    return unknown;
  }
}

function transaction<T>(db: Database, use: (db: Database) => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = use(db);
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // After a full disk SQLite may have rolled back already.
    if (db.isTransaction) rollBackQuietly(db);
    throw error;
  }
}

function rollBackQuietly(db: Database): void {
  try {
    db.exec('ROLLBACK');
  } catch {
    // The first error says more.
  }
}
