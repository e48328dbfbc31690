import { closeSync, existsSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bootFromRow } from './boots.js';
import { hasLog } from './files-beside.js';
import { decodeRows, noteLeftOut, rawRows } from './read-rows.js';
import { lastRow } from './rows-around.js';
import { migrate, mustBeUsable } from './schema.js';
import { type Database, DatabaseSync } from './sqlite.js';
import { clearDamagedEvents, tablesOf } from './table-groups.js';
import { changedSchema, damagedPages, noFile, troubleOf } from './trouble.js';

/** Names and cgroups of other users' processes are nobody else's business. */
const folderMode = 0o750;
const fileMode = 0o640;

/** The greatest journal of which all pages are looked at when it is opened. */
const maxCheckedBytes = 16 * 1024 * 1024;

/** After a checkpoint the write-ahead log is cut to this; it grows to about 4 MiB before one is made. */
const journalSizeLimitBytes = 4 * 1024 * 1024;

/**
 * How long a statement waits for a reader that recovers the database. Waiting stands on the main thread: another
 * program's lock that is held for longer sends the journal to memory until it is free again.
 */
const busyTimeoutMs = 100;

export function journalPath(folder: string): string {
  return join(folder, 'journal.db');
}

/**
 * Makes the folder, and those above it, where they are missing. Not with `recursive`: below a folder like /proc, which
 * is there but takes nothing, Node 24 tries for ever (MKDirpSync in src/node_file.cc goes back to the parent on ENOENT).
 *
 * @throws a system error
 */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolder(parent);
  mkdirSync(folder, { mode: folderMode });
}

/**
 * Opens the journal for writing and brings its schema up to now. What is committed survives the end of the process,
 * whatever ends it; a loss of power can take the last transactions (synchronous=NORMAL: the write-ahead log is synced
 * at checkpoints only) but never damages the file, and it takes the kernel's log and its counters as well.
 *
 * @throws JournalTrouble
 */
export function openDatabase(path: string): Database {
  let db: Database | undefined;
  try {
    mustBeFile(path);
    mustBeDatabase(path);
    makeFile(path);
    db = new DatabaseSync(path);
    db.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    // Before anything is written: the file may be another program's.
    mustBeUsable(db, path);
    db.exec(`PRAGMA journal_mode = WAL;
             PRAGMA synchronous = NORMAL;
             PRAGMA journal_size_limit = ${journalSizeLimitBytes}`);
    migrate(db, path);
    probe(db);
    checkPages(db, path);
    mend(db);
    return db;
  } catch (error) {
    closeQuietly(db);
    throw troubleOf(error, path) ?? changedSchemaFor(error, path);
  }
}

/**
 * A damaged page can end a scan without an error, and kills behind it would never be reported. A journal of a usual size is
 * checked at the start (2 ms a MiB); of a greater one it shows when it is read or written.
 *
 * @throws JournalTrouble
 */
function checkPages(db: Database, path: string): void {
  const fault = faultOfPages(db, path);
  if (fault !== undefined) throw damagedPages(path, fault);
}

/** In SQLite's words; undefined: none is found, or the journal is too big to look. */
export function faultOfPages(db: Database, path: string): string | undefined {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > maxCheckedBytes) return undefined;
  const faults = db
    .prepare('PRAGMA quick_check(20)')
    .all()
    .map(({ quick_check }) => `${quick_check}`);
  // Values of a wrong type are of single records.
  return faults.find((fault) => /\b(tree|page|freelist|pointer map)\b/i.test(fault));
}

/** Takes away what no agent has written: a row that cannot be read would stand in the way of its own replacement. */
export function mend(db: Database): void {
  const newest = lastRow(db);
  const [sequence] = rawRows(db, "SELECT seq FROM sqlite_sequence WHERE name = 'kills'", []);
  const strays = rawRows(db, 'SELECT row FROM kills WHERE row > ? OR row < 1', [newest]);
  const isOff = sequence !== undefined && sequence.seq !== BigInt(newest);
  if (strays.length > 0 || isOff) {
    for (const { row } of strays) noteLeftOut(db, `kills ${row}`);
    db.prepare('DELETE FROM kills WHERE row > ? OR row < 1').run(newest);
    db.prepare("UPDATE sqlite_sequence SET seq = ? WHERE name = 'kills'").run(newest);
  }
  for (const row of rawRows(db, 'SELECT rowid AS number, * FROM boots', [])) {
    if (decodeRows(db, 'boots', [row], bootFromRow).length === 0)
      db.prepare('DELETE FROM boots WHERE rowid = ?').run(row.number as bigint);
  }
  if (clearDamagedEvents(db)) noteLeftOut(db, 'the tables of the Kubernetes sink');
}

/** Our statements are right over a database that is whole: what SQLite does not like at an opening is the file. */
function changedSchemaFor(error: unknown, path: string): unknown {
  return (error as NodeJS.ErrnoException).code === 'ERR_SQLITE_ERROR'
    ? changedSchema(path, error)
    : error;
}

/** Opening a FIFO waits for whoever opens its other end. @throws JournalTrouble */
export function mustBeFile(path: string): void {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status !== undefined && !status.isFile()) throw noFile(path);
}

/** https://sqlite.org/fileformat2.html#the_database_header */
const header = Buffer.from('SQLite format 3\0');

/** What is shorter than a page SQLite takes for an empty database, and writes over it. @throws JournalTrouble */
function mustBeDatabase(path: string): void {
  if (!hasHeader(path) && !hasLog(path)) throw changedSchema(path);
}

/** Also of a file that is empty, or is not there. */
function hasHeader(path: string): boolean {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0) return true;
  const file = openSync(path, 'r');
  try {
    const begin = Buffer.alloc(header.length);
    readSync(file, begin, 0, header.length, 0);
    return begin.equals(header);
  } finally {
    closeSync(file);
  }
}

/** SQLite makes a database that everybody may read, and the files beside it like it; the folder may be of before. */
function makeFile(path: string): void {
  try {
    closeSync(openSync(path, 'a', fileMode));
  } catch {
    // What is wrong SQLite finds too, and its words are those that are understood here.
  }
}

/** Opens the journal, damaged or not, for reading only, also where nothing can be written. @throws JournalTrouble */
export function openForReading(path: string): Database {
  return openReadOnly(path, probe);
}

/** The same for one of which not even the beginning need be whole. @throws JournalTrouble */
export function openDamaged(path: string): Database {
  return openReadOnly(path, (db) => void db.prepare('SELECT count(*) FROM sqlite_schema').get());
}

/**
 * With a write-ahead log SQLite wants a file for its index beside it, for which a full disk has no room. The agent, which
 * has the folder for itself, may have that in its own memory.
 *
 * @throws JournalTrouble
 */
export function openForReadingAlone(path: string): Database {
  try {
    return openForReading(path);
  } catch (error) {
    const db = new DatabaseSync(path);
    try {
      db.exec('PRAGMA locking_mode = EXCLUSIVE');
      probe(db);
      return db;
    } catch {
      closeQuietly(db);
      throw error;
    }
  }
}

function openReadOnly(path: string, isReadable: (db: Database) => void): Database {
  const open = (location: string | URL) => {
    const db = new DatabaseSync(location, { readOnly: true });
    try {
      db.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
      isReadable(db);
      return db;
    } catch (error) {
      closeQuietly(db);
      throw error;
    }
  };
  try {
    mustBeFile(path);
    return open(path);
  } catch (error) {
    const trouble = troubleOf(error, path) ?? changedSchemaFor(error, path);
    // Without a log the file is whole by itself; but to look for one SQLite wants to write beside it.
    if (!existsSync(path) || hasLog(path)) throw trouble;
    const immutable = pathToFileURL(path);
    immutable.searchParams.set('immutable', '1');
    try {
      return open(immutable);
    } catch {
      throw trouble;
    }
  }
}

/** Whether the database has nothing that could be lost: it was begun when there was no room for its tables. */
export function isEmpty(path: string): boolean {
  try {
    const status = statSync(path, { throwIfNoEntry: false });
    if (status === undefined) return true;
    if (!status.isFile()) return false;
    if (status.size === 0 && !hasLog(path)) return true;
    mustBeDatabase(path);
    const db = openDamaged(path);
    try {
      return tablesOf(db).length === 0;
    } finally {
      closeQuietly(db);
    }
  } catch {
    return false;
  }
}

/** A file can be damaged behind its first page; what the agent needs to begin with must be readable. */
function probe(db: Database): void {
  for (const sql of [
    'SELECT * FROM boots',
    'SELECT * FROM (SELECT * FROM kills ORDER BY row DESC LIMIT 1)',
    'SELECT * FROM (SELECT * FROM kills ORDER BY row LIMIT 1)',
  ]) {
    const statement = db.prepare(sql);
    statement.setReadBigInts(true);
    statement.all();
  }
}

/** A database that is in trouble may not even close. */
export function closeQuietly(db: Database | undefined): void {
  try {
    db?.close();
  } catch {
    // Nothing is left to be done with it.
  }
}
