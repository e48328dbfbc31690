import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { migrate, mustBeUsable } from './schema.js';
import { type Database, DatabaseSync } from './sqlite.js';
import { changedSchema, noFile, troubleOf } from './trouble.js';

/** Names and cgroups of other users' processes are nobody else's business. */
const folderMode = 0o750;
const fileMode = 0o640;

/** Damaged databases are kept for whoever wants to know, but must not fill the disk one by one. */
const mostMovedAside = 3;

/** After a checkpoint the write-ahead log is cut to this; it grows to about 4 MiB before one is made. */
const journalSizeLimitBytes = 4 * 1024 * 1024;

/** How long a statement waits for a reader that recovers the database. */
const busyTimeoutMs = 5000;

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
    return db;
  } catch (error) {
    closeQuietly(db);
    throw troubleOf(error, path) ?? changedSchemaFor(error, path);
  }
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
  const open = (location: string | URL) => {
    mustBeFile(path);
    const db = new DatabaseSync(location, { readOnly: true });
    try {
      db.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
      probe(db);
      return db;
    } catch (error) {
      closeQuietly(db);
      throw error;
    }
  };
  try {
    return open(path);
  } catch (error) {
    const trouble = troubleOf(error, path) ?? error;
    // Without a log the file is whole by itself; but to look for one SQLite wants to write beside it.
    if (!existsSync(path) || existsSync(`${path}-wal`)) throw trouble;
    const immutable = pathToFileURL(path);
    immutable.searchParams.set('immutable', '1');
    try {
      return open(immutable);
    } catch {
      throw trouble;
    }
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

/** Puts a damaged database out of the way and returns its new name. @throws a system error */
export function moveAside(path: string, now = new Date()): string {
  const folder = dirname(path);
  const prefix = `${basename(path)}.corrupt-`;
  const earlier = readdirSync(folder)
    .filter((name) => name.startsWith(prefix))
    .sort();
  for (const name of earlier.slice(0, -(mostMovedAside - 1))) rmSync(join(folder, name));
  const target = join(folder, `${prefix}${now.toISOString().replaceAll(':', '-')}`);
  renameSync(path, target);
  // A log without its database would be taken for the new one's.
  for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
  return target;
}

/** A database that is in trouble may not even close. */
export function closeQuietly(db: Database | undefined): void {
  try {
    db?.close();
  } catch {
    // Nothing is left to be done with it.
  }
}
