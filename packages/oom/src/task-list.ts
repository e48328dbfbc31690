import type { TableHeader, TableRow } from './lines/task-table.js';

const biggestKept = 10;

/** The kernel's largest pid (PID_MAX_LIMIT) is 4 million; a table beyond this is no table of a real node. */
const maxLinks = 131_072;

/** The task table of one report: the biggest rows, and for every task the process that its id belongs to. */
export class TaskList {
  readonly header: TableHeader;
  readonly #biggest: TableRow[] = [];
  readonly #byTid = new Map<number, TableRow>();

  constructor(header: TableHeader) {
    this.header = header;
  }

  add(row: TableRow): void {
    if (this.#byTid.size < maxLinks) this.#byTid.set(row.tid, row);
    const last = this.#biggest.at(-1);
    if (this.#biggest.length === biggestKept && last !== undefined && last.rssPages >= row.rssPages)
      return;
    const after = this.#biggest.findIndex((other) => other.rssPages < row.rssPages);
    this.#biggest.splice(after < 0 ? this.#biggest.length : after, 0, row);
    if (this.#biggest.length > biggestKept) this.#biggest.pop();
  }

  /** At most 10, by resident memory, biggest first. */
  get biggest(): readonly TableRow[] {
    return this.#biggest;
  }

  /** The row of a thread or process id. */
  row(id: number): TableRow | undefined {
    return this.#byTid.get(id);
  }

  /** Whether the table has the process, by its own id or by a thread's. */
  hasProcess(pid: number): boolean {
    if (this.#byTid.has(pid)) return true;
    for (const row of this.#byTid.values()) if (row.pid === pid) return true;
    return false;
  }

  /** How many rows there are. */
  get size(): number {
    return this.#byTid.size;
  }

  get isComplete(): boolean {
    return this.#byTid.size < maxLinks;
  }
}
