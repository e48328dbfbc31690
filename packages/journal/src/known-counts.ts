import { createHash } from 'node:crypto';
import type { Cursor, KnownCounts } from '@oomwatcher/watcher';
import { type Row, readRows, textIn } from './read-rows.js';
import { type Database, prepared } from './sqlite.js';

/** Writes where the kernel's counters stand at the boot's cursor. undefined: what was known is true no longer. */
export function recordCounts(db: Database, counts: KnownCounts | undefined): void {
  if (counts === undefined) {
    prepared(db, 'DELETE FROM known_counts').run();
    return;
  }
  const json = JSON.stringify(counts);
  prepared(
    db,
    `INSERT OR REPLACE INTO known_counts (id, boot_id, cursor_seq, counts, digest)
     VALUES (1, ?1, (SELECT seq FROM boots WHERE boot_id = ?1), ?2, ?3)`,
  ).run(counts.bootId, json, digestOf(json));
}

/**
 * What was written with the cursor. undefined: nothing; or a program has moved the cursor on that does not know of it, or
 * it is not what was written, and then a count would look like kills.
 */
export function readCounts(db: Database, { bootId, seq }: Cursor): KnownCounts | undefined {
  const sql = 'SELECT * FROM known_counts WHERE boot_id = ? AND cursor_seq = ?';
  return readRows(db, sql, [bootId, seq], countsFromRow)[0];
}

/** @throws when it is not what was written */
function countsFromRow(row: Row): KnownCounts {
  const json = textIn(row.counts);
  if (digestOf(json) !== row.digest) throw new Error('not as written');
  return JSON.parse(json);
}

function digestOf(json: string): string {
  return createHash('sha256').update(json).digest('hex');
}
