import { createHash } from 'node:crypto';
import type { CgroupKills, Cursor, KnownCounts } from '@oomwatcher/watcher';
import { numberIn, type Row, readRows, textIn } from './read-rows.js';
import { type Database, prepared } from './sqlite.js';

/** Writes where the kernel's counters stand at the boot's cursor. undefined: what was known is true no longer. */
export function recordCounts(db: Database, counts: KnownCounts | undefined): void {
  if (counts === undefined) {
    prepared(db, 'DELETE FROM known_counts').run();
    return;
  }
  const { bootId, seq, total } = counts;
  const cgroups = JSON.stringify(
    counts.cgroups.map(({ path, inode, kills }) => [path, String(inode), kills]),
  );
  prepared(
    db,
    `INSERT OR REPLACE INTO known_counts (id, boot_id, cursor_seq, seq, total, cgroups, digest)
     VALUES (1, ?1, (SELECT seq FROM boots WHERE boot_id = ?1), ?2, ?3, ?4, ?5)`,
  ).run(bootId, seq, total, cgroups, digestOf(bootId, seq, total, cgroups));
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
  const { seq } = row;
  if (typeof seq !== 'bigint') throw new Error('no number');
  const [bootId, cgroups] = [textIn(row.boot_id), textIn(row.cgroups)];
  const total = numberIn(row.total);
  if (digestOf(bootId, seq, total, cgroups) !== row.digest) throw new Error('not as written');
  const written = JSON.parse(cgroups) as [string, string, number][];
  return {
    bootId,
    seq,
    total,
    cgroups: written.map(
      ([path, inode, kills]): CgroupKills => ({ path, inode: BigInt(inode), kills }),
    ),
  };
}

function digestOf(...parts: (string | number | bigint)[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}
