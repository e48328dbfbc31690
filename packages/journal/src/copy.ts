import type { Database } from './sqlite.js';

/** SQLite keeps here which row numbers have been used (AUTOINCREMENT). */
const sequenceTable = 'sqlite_sequence';

/** Tables of which memory has only the newest rows: the disk's others stay. */
const perKill = ['kills', 'kill_reports'];

/**
 * Copies what the agent needs to go on: the newest kills, and every other table whole. Both have the same schema, `to`
 * no rows; one transaction of the caller. Of a damaged database it copies what can be read, and returns whether that
 * was all.
 */
export function copyNewest(from: Database, to: Database, newestKills: number): boolean {
  const newest = (table: string) =>
    `SELECT * FROM (SELECT * FROM ${table} ORDER BY row DESC LIMIT ${newestKills}) ORDER BY row`;
  const copied = [
    ...perKill.map((table) => attempt(() => copyRows(from, to, table, newest(table)))),
    ...otherTables(to).map((table) => attempt(() => copyRows(from, to, table))),
    attempt(() => replaceRows(from, to, sequenceTable)),
  ];
  return copied.every(Boolean);
}

/** Brings `to`, an older state of `from`, up to `from`; kills that only `to` has stay. One transaction of the caller. */
export function bringUpToDate(from: Database, to: Database): void {
  // A table's rows are away for a moment, and others may refer to them.
  to.exec('PRAGMA defer_foreign_keys = ON');
  for (const table of perKill) copyRows(from, to, table);
  for (const table of otherTables(from)) replaceRows(from, to, table);
  replaceRows(from, to, sequenceTable);
}

function otherTables(db: Database): string[] {
  return db
    .prepare(
      `SELECT name FROM sqlite_schema
       WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`,
    )
    .all()
    .map(({ name }) => name as string)
    .filter((name) => !perKill.includes(name));
}

function replaceRows(from: Database, to: Database, table: string): void {
  to.exec(`DELETE FROM "${table}"`);
  copyRows(from, to, table);
}

function copyRows(
  from: Database,
  to: Database,
  table: string,
  query = `SELECT * FROM "${table}"`,
): void {
  const rows = from.prepare(query);
  rows.setReadBigInts(true);
  const columns = rows.columns().map(({ name }) => `"${name}"`);
  const insert = to.prepare(
    `INSERT OR REPLACE INTO "${table}" (${columns}) VALUES (${columns.map(() => '?')})`,
  );
  for (const row of rows.iterate()) insert.run(...Object.values(row));
}

function attempt(copy: () => void): boolean {
  try {
    copy();
    return true;
  } catch {
    return false;
  }
}
