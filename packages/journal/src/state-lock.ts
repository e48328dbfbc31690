import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { mustBeFile } from './database-file.js';
import { type Database, DatabaseSync } from './sqlite.js';
import { JournalTrouble, troubleOf } from './trouble.js';

const lockMode = 0o600;

/** For so long an agent that is just ending is waited for. */
const patienceMs = 1000;

/**
 * One agent a state folder: two would report every kill twice and write over each other's cursors. The lock is SQLite's on
 * an empty database of its own, so the kernel releases it however the agent ends, and readers of the journal need not
 * ask for it. How strict it is shows them where the agent's journal is, also when the disk takes nothing any more:
 * nobody may read beside an exclusive lock, anybody beside a reserved one (https://sqlite.org/lockingv3.html).
 */
export class StateLock {
  readonly #db: Database;

  /** @throws JournalTrouble: `in-use` when another agent has it, another kind when it cannot be had at all. */
  static take(folder: string): StateLock {
    const path = lockPath(folder);
    let db: Database | undefined;
    try {
      mustBeFile(path);
      makePrivate(path);
      db = new DatabaseSync(path);
      // A full disk has no room for a rollback journal, and nothing is ever written here.
      db.exec(`PRAGMA busy_timeout = ${patienceMs}; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE`);
      return new StateLock(db);
    } catch (error) {
      db?.close();
      const trouble = troubleOf(error, path);
      throw trouble?.kind === 'in-use' ? anotherAgent(folder, error) : (trouble ?? error);
    }
  }

  private constructor(db: Database) {
    this.#db = db;
  }

  /** Says where the journal is. @throws JournalTrouble when another agent was quicker: there is a moment without a lock. */
  announce(storage: 'disk' | 'memory'): void {
    try {
      this.#db.exec(`ROLLBACK; BEGIN ${storage === 'disk' ? 'EXCLUSIVE' : 'IMMEDIATE'}`);
    } catch (error) {
      throw troubleOf(error, this.#db.location() ?? '') ?? error;
    }
  }

  release(): void {
    this.#db.close();
  }
}

/** Where the agent that runs with the folder has its journal; undefined: none runs, as far as this process may know. */
export function runningAgent(folder: string): 'disk' | 'memory' | undefined {
  const path = lockPath(folder);
  if (!existsSync(path)) return undefined;
  let db: Database | undefined;
  let storage: 'disk' | 'memory' = 'disk';
  try {
    db = new DatabaseSync(path);
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    storage = 'memory';
    db.exec('BEGIN IMMEDIATE');
    return undefined;
  } catch (error) {
    return troubleOf(error, path)?.kind === 'in-use' ? storage : undefined;
  } finally {
    db?.close();
  }
}

/** Whoever may read a file may lock it, shared, and so keep the agent from starting. Also one that an earlier agent made. */
function makePrivate(path: string): void {
  try {
    closeSync(openSync(path, 'a', lockMode));
    chmodSync(path, lockMode);
  } catch {
    // What is wrong SQLite finds too, and its words are those that are understood here.
  }
}

function lockPath(folder: string): string {
  return join(folder, 'agent.lock');
}

function anotherAgent(folder: string, cause: unknown): JournalTrouble {
  return new JournalTrouble(
    'in-use',
    `another oomwatcher runs with the state folder ${folder}: end it, or name another folder with --state-dir`,
    cause,
  );
}
