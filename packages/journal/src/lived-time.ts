import { numberIn, readRows } from './read-rows.js';
import { type Database, prepared } from './sqlite.js';

/** Marks in the time for which a kill is kept: it is kept for so much longer at most. */
const marksInKeep = 720;

/**
 * The age of kills is counted in the time that agents have run beside the journal, by a clock that nobody sets: by the
 * wall clock a machine that begins in 1970, or forty days ahead, would forget kills that are a day old. A mark says that
 * every row up to its own is at least as old as itself.
 */
export function passTime(db: Database, ms: number, keepMs: number): void {
  const livedMs = livedOf(db) + Math.max(0, Math.round(ms));
  prepared(db, 'INSERT OR REPLACE INTO lived (id, ms) VALUES (1, ?)').run(livedMs);
  const sql = 'SELECT lived_ms FROM lived_marks ORDER BY lived_ms DESC LIMIT 1';
  const [newestMs] = readRows(db, sql, [], ({ lived_ms }) => numberIn(lived_ms));
  if (newestMs !== undefined && livedMs - newestMs < Math.max(1, keepMs / marksInKeep)) return;
  prepared(
    db,
    `INSERT OR REPLACE INTO lived_marks (lived_ms, row)
     SELECT ?, max(row) FROM kills HAVING max(row) IS NOT NULL`,
  ).run(livedMs);
}

/** The newest row that is older than that; 0: none is known to be. Marks before it are not needed any more. */
export function lastRowBefore(db: Database, keepMs: number): number {
  const sql =
    'SELECT lived_ms, row FROM lived_marks WHERE lived_ms <= ? ORDER BY lived_ms DESC LIMIT 1';
  const [mark] = readRows(db, sql, [livedOf(db) - keepMs], ({ lived_ms, row }) => ({
    livedMs: numberIn(lived_ms),
    row: numberIn(row),
  }));
  if (mark === undefined) return 0;
  prepared(db, 'DELETE FROM lived_marks WHERE lived_ms < ?').run(mark.livedMs);
  return mark.row;
}

/** Milliseconds in which agents have run beside the journal. */
export function livedOf(db: Database): number {
  return readRows(db, 'SELECT ms FROM lived', [], ({ ms }) => numberIn(ms))[0] ?? 0;
}
