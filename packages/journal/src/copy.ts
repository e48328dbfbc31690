import { bootFromRow } from './boots.js';
import { killFromRow } from './kill-rows.js';
import { decodeRows, type Row, rawRows } from './read-rows.js';
import { lastRow, rowsAround } from './rows-around.js';
import { type Database, prepared } from './sqlite.js';
import { perKill, tableGroups } from './table-groups.js';

/** SQLite keeps here which row numbers have been used (AUTOINCREMENT). */
const sequenceTable = 'sqlite_sequence';

export interface Copied {
  /** Whether that was all that there is of it, and nothing was left out. */
  whole: boolean;
  /** Kills below this row were not copied. */
  firstRow: number;
}

/**
 * Copies what the agent needs to go on: the newest kills, and every other table whole. Both have the same schema, `to`
 * no rows; one transaction of the caller. Of a damaged database it copies what can be read: kills one by one, a sink's
 * tables all or none, for a position without the events up to it would lose them.
 */
export function copyNewest(from: Database, to: Database, newestKills: number): Copied {
  const newest = lastRow(from);
  const firstRow = firstOfNewest(from, newest, newestKills);
  const whole = [
    copyKills(from, to, firstRow, newest).whole,
    ...tableGroups(to).map((tables) => attempt(to, () => copyTables(from, to, tables))),
    attempt(to, () => replaceRows(from, to, sequenceTable)),
  ].every(Boolean);
  return { whole, firstRow };
}

/** Brings `to`, an older state of `from`, up to `from`; kills that only `to` has stay. One transaction of the caller. */
export function bringUpToDate(from: Database, to: Database): void {
  // A table's rows are away for a moment, and others may refer to them.
  to.exec('PRAGMA defer_foreign_keys = ON');
  for (const table of perKill) copyRows(from, to, table);
  for (const table of tableGroups(from).flat()) replaceRows(from, to, table);
  replaceRows(from, to, sequenceTable);
}

/** Copies the kills from one row to another, with their reports, where they can be read. `kills`: how many are new. */
export function copyKills(
  from: Database,
  to: Database,
  first: number,
  last: number,
): { kills: number; whole: boolean } {
  const kills = rowsAround(from, 'kills', first, last);
  const others = perKill.filter((table) => table !== 'kills');
  const parts = others.map((table) => ({ table, ...rowsAround(from, table, first, last) }));
  const readable = decodeRows(from, 'kills', kills.rows, wholeRecord);
  const copied = new Map<bigint, number>();
  for (const row of readable) copied.set(row.row as bigint, insertReadable(to, 'kills', row));
  for (const { table, rows } of parts) {
    for (const row of rows) if (copied.has(row.row as bigint)) insertReadable(to, table, row);
  }
  return {
    kills: [...copied.values()].reduce((sum, each) => sum + each, 0),
    whole:
      kills.whole && parts.every(({ whole }) => whole) && readable.length === kills.rows.length,
  };
}

/** A page of another table can stand in the place of one. @throws */
function wholeRecord(row: Row): Row {
  if (killFromRow(row).kill.id !== row.id) throw new Error('no kill');
  return row;
}

/** Returns how many rows it was: none where a column has the type of another. */
function insertReadable(to: Database, table: string, row: Row): number {
  try {
    return insertRow(to, table, row, 'IGNORE');
  } catch {
    return 0;
  }
}

function firstOfNewest(db: Database, newest: number, count: number): number {
  try {
    const sql = 'SELECT row FROM kills ORDER BY row DESC LIMIT 1 OFFSET ?';
    return Number(rawRows(db, sql, [count - 1])[0]?.row ?? 1);
  } catch {
    return Math.max(1, newest - count + 1);
  }
}

function copyTables(from: Database, to: Database, tables: readonly string[]): void {
  for (const table of tables) {
    if (table !== 'boots') copyRows(from, to, table);
    else
      for (const row of rawRows(from, 'SELECT * FROM boots', [])) {
        if (decodeRows(from, table, [row], bootFromRow).length > 0) insertRow(to, table, row);
      }
  }
}

function replaceRows(from: Database, to: Database, table: string): void {
  to.exec(`DELETE FROM "${table}"`);
  copyRows(from, to, table);
}

/** One of the two may be of a later version: what both know is copied. */
function copyRows(from: Database, to: Database, table: string): void {
  const known = new Set(columnsOf(from, table));
  const columns = columnsOf(to, table).filter((column) => known.has(column));
  const rows = from.prepare(`SELECT ${columns.map(quoted)} FROM "${table}"`);
  rows.setReadBigInts(true);
  for (const row of rows.iterate()) insertRow(to, table, row as Row);
}

/** Returns how many rows it was: 0 where it is there already. */
function insertRow(to: Database, table: string, row: Row, otherwise = 'REPLACE'): number {
  const columns = Object.keys(row);
  const sql = `INSERT OR ${otherwise} INTO "${table}" (${columns.map(quoted)}) VALUES (${columns.map(() => '?')})`;
  return Number(prepared(to, sql).run(...Object.values(row)).changes);
}

function columnsOf(db: Database, table: string): string[] {
  return db
    .prepare(`PRAGMA table_info("${table}")`)
    .all()
    .map(({ name }) => name as string);
}

function quoted(column: string): string {
  return `"${column}"`;
}

/** All of it or nothing. */
function attempt(to: Database, copy: () => void): boolean {
  to.exec('SAVEPOINT attempt');
  try {
    copy();
    return true;
  } catch {
    to.exec('ROLLBACK TO attempt');
    return false;
  } finally {
    to.exec('RELEASE attempt');
  }
}
