import { statSync } from 'node:fs';
import { journalPath, openForReading } from './database-file.js';
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
  use: (db: Database) => T | Promise<T>,
): Promise<T> {
  const path = journalPath(folder);
  mustBeThere(folder, path);
  const db = openForReading(path);
  try {
    mustBeUsable(db, path);
    return await use(db);
  } catch (error) {
    throw troubleOf(error, path) ?? error;
  } finally {
    db.close();
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
