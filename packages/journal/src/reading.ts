import { statSync } from 'node:fs';
import { journalPath, openDamaged, openForReading } from './database-file.js';
import { mustBeUsable } from './schema.js';
import type { Database } from './sqlite.js';
import { JournalTrouble, troubleOf } from './trouble.js';

/**
 * Lets `use` read the journal of an agent that may be running. It must not keep a statement half read: the agent's
 * write-ahead log cannot begin anew while somebody reads.
 *
 * @throws JournalTrouble when there is no journal, or none that can be read.
 */
export async function readJournal<T>(
  folder: string,
  use: (db: Database, path: string) => T | Promise<T>,
): Promise<T> {
  const path = journalPath(folder);
  mustBeThere(folder, path);
  const db = openAnyhow(path);
  let changed: JournalTrouble | undefined;
  try {
    changed = changeOf(db, path);
    return await use(db, path);
  } catch (error) {
    // Over tables that are not ours any more our statements may be wrong.
    throw troubleOf(error, path) ?? changed ?? error;
  } finally {
    db.close();
  }
}

/** Where not even its beginning is whole, what is asked for may be. @throws JournalTrouble */
function openAnyhow(path: string): Database {
  try {
    return openForReading(path);
  } catch (error) {
    if (!(error instanceof JournalTrouble) || error.kind !== 'corrupt') throw error;
    return openDamaged(path);
  }
}

/** Whether its tables are not as they were made: what can be read of them is. @throws JournalTrouble where nothing may be */
function changeOf(db: Database, path: string): JournalTrouble | undefined {
  try {
    mustBeUsable(db, path);
    return undefined;
  } catch (error) {
    const trouble = troubleOf(error, path);
    if (trouble?.kind !== 'corrupt') throw error;
    return trouble;
  }
}

/** The agent's folder is closed to other users: what they may not see is not missing. */
function mustBeThere(folder: string, path: string): void {
  try {
    statSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message =
      code === 'EACCES'
        ? `the journal in ${folder} may not be read (${code}): run it as root or as the agent's user, or name another folder with --state-dir`
        : `there is no journal in ${folder}: start oomwatcher run, or name its folder with --state-dir`;
    throw new JournalTrouble('no-access', message, error);
  }
}
