import { type Database, prepared } from './sqlite.js';

/** A row as SQLite gives it. Integers are bigint: of a damaged row they may be any, and as numbers they would be an error. */
export type Row = Record<string, null | bigint | number | string | Uint8Array>;

type Parameter = null | number | bigint | string;

/** Rows that could not be read, by what they are; so many are counted one by one. */
const maxLeftOut = 10_000;

const leftOut = new WeakMap<Database, Set<string>>();

/**
 * The rows of a question, each through `decode`. A bit of the disk can make a row anything: one that `decode` throws for
 * is left out and counted, and the others come.
 *
 * @param sql names the table after its FROM
 */
export function readRows<T>(
  db: Database,
  sql: string,
  parameters: readonly Parameter[],
  decode: (row: Row) => T,
): T[] {
  return decodeRows(db, /FROM (\w+)/.exec(sql)?.[1] ?? '', rawRows(db, sql, parameters), decode);
}

/** The rows as they are. */
export function rawRows(db: Database, sql: string, parameters: readonly Parameter[]): Row[] {
  const statement = prepared(db, sql);
  statement.setReadBigInts(true);
  return statement.all(...parameters) as Row[];
}

/** Those of the rows that can be read. */
export function decodeRows<T>(
  db: Database,
  table: string,
  rows: readonly Row[],
  decode: (row: Row) => T,
): T[] {
  return rows.flatMap((row) => {
    try {
      return [decode(row)];
    } catch {
      noteLeftOut(db, `${table} ${row.row ?? Object.values(row)[0]}`);
      return [];
    }
  });
}

/** @param what the row, in words that no other has */
export function noteLeftOut(db: Database, what: string): void {
  const rows = leftOut.get(db) ?? new Set();
  if (rows.size < maxLeftOut) rows.add(what);
  leftOut.set(db, rows);
}

/** How many rows of the database could not be read by now. */
export function leftOutOf(db: Database): number {
  return leftOut.get(db)?.size ?? 0;
}

/** @throws when it is no integer that is exact, from 0 on unless `least` says otherwise */
export function numberIn(value: unknown, least = 0): number {
  const number = typeof value === 'bigint' ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(number) || number < least) throw new Error('no number');
  return number;
}

/** @throws when it is no text */
export function textIn(value: unknown): string {
  if (typeof value !== 'string') throw new Error('no text');
  return value;
}

/** undefined for NULL. @throws when it is neither NULL nor text */
export function optionalTextIn(value: unknown): string | undefined {
  return value === null ? undefined : textIn(value);
}
