import { join } from 'node:path';
import { type Database, DatabaseSync } from './sqlite.js';
import { JournalTrouble, troubleOf } from './trouble.js';

/** For so long an agent that is just ending is waited for. */
const patienceMs = 1000;

/**
 * One agent a state folder: two would tell every kill twice and write over each other's cursors. The lock is SQLite's on
 * an empty database of its own, so the kernel releases it however the agent ends, and readers of the journal need not
 * ask for it.
 */
export class StateLock {
  readonly #db: Database;

  /** @throws JournalTrouble: `in-use` when another agent has it, another kind when it cannot be had at all. */
  static take(folder: string): StateLock {
    const path = join(folder, 'agent.lock');
    let db: Database | undefined;
    try {
      db = new DatabaseSync(path);
      db.exec(`PRAGMA busy_timeout = ${patienceMs}; BEGIN EXCLUSIVE`);
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

  release(): void {
    this.#db.close();
  }
}

function anotherAgent(folder: string, cause: unknown): JournalTrouble {
  return new JournalTrouble(
    'in-use',
    `another oomwatcher runs with the state folder ${folder}: end it, or name another folder with --state-dir`,
    cause,
  );
}
