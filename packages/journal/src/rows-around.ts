import { noteLeftOut, type Row, rawRows } from './read-rows.js';
import type { Database } from './sqlite.js';

/** No row number of ours is ever greater: what a damaged page says is. */
const greatestRow = 2 ** 48;

/** The newest row that the database may have; 0: none can be found. */
export function lastRow(db: Database): number {
  const questions = [
    "SELECT seq AS last FROM sqlite_sequence WHERE name = 'kills'",
    'SELECT max(row) AS last FROM kills',
    // From the index, whose pages are others.
    'SELECT max(row) AS last FROM kills INDEXED BY kills_time WHERE time_ms IS NOT NULL',
  ];
  const found = questions.flatMap((sql) => {
    try {
      return rawRows(db, sql, []).map(({ last }) => Number(last ?? 0));
    } catch {
      return [];
    }
  });
  const sane = found.filter((row) => row > 0 && row < greatestRow);
  // One that is far above the others is not believed.
  return sane.length < 2 ? (sane[0] ?? 0) : (sane.sort((a, b) => a - b).at(-2) as number);
}

/**
 * The rows from one number to another of a database whose pages may be damaged, each asked for by itself: a scan ends at
 * the first damaged page, and at a row whose number became another. `whole`: nothing failed.
 */
export function rowsAround(
  db: Database,
  table: string,
  first: number,
  last: number,
): { rows: Row[]; whole: boolean } {
  const rows: Row[] = [];
  let whole = true;
  for (let row = first; row <= last; row++) {
    try {
      rows.push(...rawRows(db, `SELECT * FROM ${table} WHERE row = ?`, [row]));
    } catch {
      whole = false;
      noteLeftOut(db, `${table} ${row}`);
    }
  }
  return { rows, whole };
}
