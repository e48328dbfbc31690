import { copyKills } from './copy.js';
import { closeQuietly, openDamaged } from './database-file.js';
import { leftOutOf } from './read-rows.js';
import type { Database } from './sqlite.js';

/** Rows that are copied at once; the event loop goes on between. */
const rowsAtOnce = 200;

/** No more rows are kept before the newest. */
const maxKept = 100_000;

export interface BackFilled {
  kills: number;
  /** Kills and reports that could not be read. */
  leftOut: number;
}

/**
 * Takes the older kills of a damaged journal, which was put aside, over into the new one: in slices, from the newest
 * on, for the newest thousand are there already and everything else goes on meanwhile.
 */
export class BackFill {
  readonly #from: Database;
  readonly #write: (use: (db: Database) => void) => void;
  readonly #done: (filled: BackFilled) => void;
  readonly #lastWanted: number;
  #before: number;
  #kills = 0;
  #next: NodeJS.Timeout | undefined;

  /** undefined: nothing of the file can be read. */
  static begin(
    path: string,
    before: number,
    write: (use: (db: Database) => void) => void,
    done: (filled: BackFilled) => void,
  ): BackFill | undefined {
    try {
      return new BackFill(openDamaged(path), before, write, done);
    } catch {
      return undefined;
    }
  }

  private constructor(
    from: Database,
    before: number,
    write: (use: (db: Database) => void) => void,
    done: (filled: BackFilled) => void,
  ) {
    this.#from = from;
    this.#before = before;
    this.#lastWanted = Math.max(0, before - maxKept);
    this.#write = write;
    this.#done = done;
    this.#soon();
  }

  /** What is not taken over by now stays in the file that was put aside. */
  stop(): void {
    clearTimeout(this.#next);
    closeQuietly(this.#from);
  }

  #soon(): void {
    this.#next = setTimeout(() => this.#slice(), 1).unref();
  }

  #slice(): void {
    const last = this.#before - 1;
    if (last <= this.#lastWanted) return this.#end();
    const first = Math.max(this.#lastWanted + 1, last - rowsAtOnce + 1);
    let copied = 0;
    try {
      this.#write((db) => {
        copied = copyKills(this.#from, db, first, last).kills;
      });
    } catch {
      return this.#end();
    }
    this.#kills += copied;
    this.#before = first;
    this.#soon();
  }

  #end(): void {
    const leftOut = leftOutOf(this.#from);
    this.stop();
    this.#done({ kills: this.#kills, leftOut });
  }
}
