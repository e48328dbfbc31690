import type { Kill } from '@oomwatcher/oom';
import type { Journal, JournalChange } from './journal.js';
import type { JournalledKill } from './kill-rows.js';
import type { Database } from './sqlite.js';

export interface FollowerOptions {
  /** Where the position outlives the agent: a table of the journal's database with one row. Default: nowhere. */
  position?: PositionTable;
  /** Behind which row it begins where no position is kept; default: behind nothing, with the oldest kill that is there. */
  after?: number;
  /** How long a pod's kill waits for the names of pod and container, ms. Default 0: nobody will learn one. */
  nameWaitMs?: number;
  /** Called when there may be something to do: the journal has changed, or a kill has waited long enough. */
  wake?: (change?: JournalChange) => void;
}

export interface PositionTable {
  /** undefined: none is kept. */
  read(db: Database): number | undefined;
  save(db: Database, row: number): void;
  /**
   * Beside the position stands what was made of the kills: where the database is replaced by one of an earlier state, both
   * are of then, and kills are taken again from there. Else a kill that was taken is taken for good.
   */
  leads?: boolean;
}

/** A kill that may still be amended is waited for so long: its group may be printed over seconds. */
const maxAmendableMs = 10_000;

/**
 * How everything that takes kills from the journal goes through it: in the order of its rows, from a position that only
 * rises. It knows what of the journal is still to come, what the journal forgot before it was taken, and which kills
 * still wait for the names of their pod and container. The journal is the queue: whoever is slow keeps a number, and no kill.
 */
export class Follower {
  readonly #journal: Journal;
  readonly #table: PositionTable | undefined;
  readonly #nameWaitMs: number;
  readonly #wake: (change?: JournalChange) => void;
  #row: number;
  #skipped = 0;
  #unsubscribe: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(journal: Journal, options: FollowerOptions = {}) {
    this.#journal = journal;
    this.#table = options.position;
    this.#nameWaitMs = options.nameWaitMs ?? 0;
    this.#wake = options.wake ?? (() => {});
    const kept = journal.store.read((db) => this.#table?.read(db));
    this.#row = kept ?? options.after ?? this.#beginning;
    this.#mend();
    // What the journal forgets from now on is counted.
    if (kept !== this.#row) this.#save();
  }

  /** Everything up to this row has been taken. */
  get row(): number {
    return this.#row;
  }

  /** Kills that nobody can take any more: the journal forgot them first, or they cannot be read. */
  get skipped(): number {
    return this.#skipped;
  }

  /** Kills that are still to be taken. */
  get lag(): number {
    return Math.max(0, (this.#journal.rows()?.newest ?? 0) - this.#row);
  }

  /** When the oldest of them was recorded; undefined: there is none. */
  get oldestPendingMs(): number | undefined {
    return this.#journal.after(this.#row, 1)[0]?.recordedMs;
  }

  /** Begins to wake its owner. */
  start(): void {
    this.#unsubscribe ??= this.#journal.onChange((change) => this.#wake(change));
  }

  stop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    clearTimeout(this.#timer);
  }

  /** The next kills, oldest first; none: everything is taken. */
  next(limit: number): JournalledKill[] {
    if (this.#table?.leads) {
      this.#row = this.#journal.store.read((db) => this.#table?.read(db)) ?? this.#beginning;
      this.#mend();
    }
    const found = this.#journal.after(this.#row, limit);
    // Counted when it is seen: all of it may be forgotten before anything more can be taken.
    const before = (found[0]?.row ?? 0) - 1;
    if (before > this.#row) {
      this.#skipped += before - this.#row;
      this.#row = before;
    }
    return found;
  }

  /** As many of these as need not wait, in their order; the owner is woken when the first that does may go. */
  ready(kills: readonly JournalledKill[]): readonly JournalledKill[] {
    const waiting = kills.findIndex((kill) => this.mustWait(kill));
    if (waiting === 0) this.wakeFor(kills[0]);
    return waiting < 0 ? kills : kills.slice(0, waiting);
  }

  /** Whether the kill's pod or container has no name yet and may still get one, or the kill may turn out to be one of a group. */
  mustWait(journalled: JournalledKill): boolean {
    return this.#waitsMs(journalled) > 0;
  }

  /** Wakes the owner when the kill has waited long enough. */
  wakeFor(journalled: JournalledKill | undefined): void {
    clearTimeout(this.#timer);
    if (journalled === undefined) return;
    const inMs = Math.max(0, this.#waitsMs(journalled));
    this.#timer = setTimeout(() => this.#wake(), inMs).unref();
  }

  /** Has taken these: the first of what `next` gave. @param write what is written in the same transaction */
  took(kills: readonly JournalledKill[], write?: (db: Database) => void): void {
    const last = kills.at(-1);
    if (last !== undefined && last.row > this.#row) {
      // Rows between them that could not be read.
      this.#skipped += last.row - this.#row - kills.length;
      this.#row = last.row;
    }
    this.#save(write);
  }

  #waitsMs(journalled: JournalledKill): number {
    const maxMs = Math.max(
      lacksName(journalled.kill) ? this.#nameWaitMs : 0,
      this.#journal.mayBeAmended(journalled.kill) ? maxAmendableMs : 0,
    );
    return maxMs === 0 ? 0 : maxMs - this.#journal.ageMs(journalled);
  }

  /** Before the oldest kill that is there. */
  get #beginning(): number {
    return (this.#journal.rows()?.oldest ?? 1) - 1;
  }

  /** A row that the journal has not given yet was read from a damaged disk. */
  #mend(): void {
    const { lastRow } = this.#journal;
    if (this.#row <= lastRow) return;
    this.#skipped += lastRow - Math.min(lastRow, this.#beginning);
    this.#row = lastRow;
  }

  #save(write?: (db: Database) => void): void {
    if (write === undefined && this.#table === undefined) return;
    this.#journal.store.write((db) => {
      write?.(db);
      this.#table?.save(db, this.#row);
    });
  }
}

/** The pod's name comes first where kubelet has not said yet which container it is: each restart is another id. */
function lacksName({ pod, container }: Kill): boolean {
  if (pod === undefined) return false;
  return pod.name === undefined || (container !== undefined && pod.container === undefined);
}
