import { numberIn, rawRows, readRows } from './read-rows.js';
import type { Database } from './sqlite.js';

/** The first and last row that are there; undefined: none. */
export function rowRange(db: Database): { oldest: number; newest: number } | undefined {
  const sql = 'SELECT min(row) AS oldest, max(row) AS newest FROM kills';
  const [range] = rawRows(db, sql, []);
  if (range === undefined || range.oldest === null || range.newest === null) return undefined;
  return { oldest: Number(range.oldest), newest: Number(range.newest) };
}

/** The newest row that was ever given; 0: none. */
export function lastRowOf(db: Database): number {
  const newest = rowRange(db)?.newest ?? 0;
  const [given = 0] = readRows(
    db,
    "SELECT seq FROM sqlite_sequence WHERE name = 'kills'",
    [],
    ({ seq }) => numberIn(seq),
  );
  return Math.max(newest, given);
}

/** Makes the next row a later one than `row`, whatever is in the table. */
export function reserveRows(db: Database, row: number): void {
  const { changes } = db
    .prepare("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'kills'")
    .run(row);
  if (changes === 0) {
    db.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES ('kills', ?)").run(row);
  }
}
