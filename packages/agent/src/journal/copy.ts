import type { Database } from './sqlite.js';

/** SQLite keeps here which row numbers have been used (AUTOINCREMENT). */
const sequenceTable = 'sqlite_sequence';

/**
 * Copies what the agent needs to go on: the newest kills, and every other table whole. Both have the same schema, `to`
 * no rows; one transaction of the caller. Of a damaged database it copies what can be read, and returns whether that
 * was all.
 */
export function copyNewest(from: Database, to: Database, newestKills: number): boolean {
  const newest = `SELECT * FROM (SELECT * FROM kills ORDER BY row DESC LIMIT ${newestKills}) ORDER BY row`;
  const copied = [
    attempt(() => copyRows(from, to, 'kills', newest)),
    ...otherTables(to).map((table) => attempt(() => copyRows(from, to, table))),
    attempt(() => replaceRows(from, to, sequenceTable)),
  ];
  return copied.every(Boolean);
}

/** Brings `to`, an older state of `from`, up to `from`; kills that only `to` has stay. One transaction of the caller. */
export function bringUpToDate(from: Database, to: Database): void {
  // A table's rows are away for a moment, and others may refer to them.
  to.exec('PRAGMA defer_foreign_keys = ON');
  copyRows(from, to, 'kills');
  for (const table of otherTables(from)) replaceRows(from, to, table);
  replaceRows(from, to, sequenceTable);
}

function otherTables(db: Database): string[] {
  return db
    .prepare(
      `SELECT name FROM sqlite_schema
       WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> 'kills'`,
    )
    .all()
    .map(({ name }) => name as string);
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
