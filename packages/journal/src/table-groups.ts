import { readKill } from './read-kill.js';
import { rawRows, textIn } from './read-rows.js';
import type { Database } from './sqlite.js';

/** Tables of which memory has only the newest rows: the disk's others stay. */
export const perKill = ['kills', 'kill_reports', 'kill_run_ups', 'kill_aliases'];

/** Of a database itself, not of what it holds. */
const ofDatabase = ['schema'];

/** The tables of a sink mean something only together: some rows of one and none of another are a lie. */
const ofSinks: Record<string, RegExp> = {
  kubernetes: /^kubernetes_/,
  metrics: /^kill_(series|count_)/,
};

/** Every other table, in groups that are copied whole or not at all. */
export function tableGroups(db: Database): string[][] {
  const groups = new Map<string, string[]>();
  for (const name of tablesOf(db)) {
    if (perKill.includes(name) || ofDatabase.includes(name)) continue;
    const sink = Object.keys(ofSinks).find((key) => ofSinks[key]?.test(name));
    groups.set(sink ?? name, [...(groups.get(sink ?? name) ?? []), name]);
  }
  return [...groups.values()];
}

export function tablesOf(db: Database): string[] {
  return db
    .prepare(
      `SELECT name FROM sqlite_schema
       WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`,
    )
    .all()
    .map(({ name }) => name as string);
}

/**
 * Empties the Kubernetes sink's tables where they hold what it cannot have written: it makes its events anew from the
 * kills, under the same names. Returns whether that was so.
 */
export function clearDamagedEvents(db: Database): boolean {
  const tables = tablesOf(db).filter((name) => ofSinks.kubernetes?.test(name));
  if (tables.every((table) => isAsWritten(db, table)) && eventsBelong(db)) return false;
  for (const table of tables) db.exec(`DELETE FROM ${table}`);
  return true;
}

function isAsWritten(db: Database, table: string): boolean {
  const columns = db.prepare(`PRAGMA table_info(${table})`).all();
  return rawRows(db, `SELECT * FROM ${table}`, []).every((row) =>
    columns.every(({ name, type, notnull, pk }) => {
      const value = row[name as string];
      if (value === null) return notnull === 0 && pk === 0;
      if (type === 'INTEGER') return typeof value === 'bigint' && isExact(value);
      return typeof value === 'string' && (name !== 'kill' || isKill(value));
    }),
  );
}

function eventsBelong(db: Database): boolean {
  const [strays] = rawRows(
    db,
    'SELECT count(*) AS n FROM kubernetes_events WHERE subject NOT IN (SELECT subject FROM kubernetes_subjects)',
    [],
  );
  return strays?.n === 0n;
}

function isExact(value: bigint): boolean {
  return Number.isSafeInteger(Number(value));
}

function isKill(value: unknown): boolean {
  try {
    readKill(textIn(value));
    return true;
  } catch {
    return false;
  }
}
