import type { Cursor } from '@oomwatcher/watcher';
import type { JournalledKill } from './kill-rows.js';
import { numberIn, type Row, readRows, textIn } from './read-rows.js';
import { type Database, prepared } from './sqlite.js';

/** What happened in one boot, as numbers; the kernel's own count is held against them. */
export interface BootFigures {
  /** Kills recorded, those included whose rows are not kept any more. */
  kills: number;
  /** Second lines of a group's first victim; the kernel counts them too. */
  repeats: number;
  /** Records in the OOM killer's words that the kernel did not write. */
  forged: number;
  /** Records of the log that were lost. */
  lost: number;
  /**
   * Kills that the kernel had counted before the first watch of this boot, and that the log did not hold any more. Absent
   * until the first watch has read the log and compared it with the kernel's count.
   */
  beforeFirstWatch?: number;
  /** Kills that the kernel counted while no agent ran, and that the log did not hold any more when one did. */
  whileAway: number;
}

/** What a batch adds to the figures; its kills are counted by themselves. */
export type Tallies = Omit<BootFigures, 'kills'>;

/** What the journal knows of one boot. */
export interface BootRecord extends BootFigures {
  bootId: string;
  /** What the last watch itself could not account for, though it was running. */
  unaccounted: number;
  /** The newest record that `lost` counts. */
  lostThrough: bigint;
  /** Everything up to here has been recorded; absent until the first watch has read the log once. */
  seq?: bigint;
}

/** Boots of which more is known than anybody asks for. */
const maxBoots = 100;

export function readBoot(db: Database, bootId: string): BootRecord | undefined {
  return readRows(db, 'SELECT * FROM boots WHERE boot_id = ?', [bootId], bootFromRow)[0];
}

export function bootFromRow(row: Row): BootRecord {
  const { seq, before_first_watch, lost_through } = row;
  return {
    bootId: textIn(row.boot_id),
    kills: numberIn(row.kills),
    repeats: numberIn(row.repeats),
    forged: numberIn(row.forged),
    lost: numberIn(row.lost),
    whileAway: numberIn(row.while_away),
    unaccounted: numberIn(row.unaccounted, Number.MIN_SAFE_INTEGER),
    lostThrough: exactIn(lost_through, -1n),
    ...(before_first_watch !== null && { beforeFirstWatch: numberIn(before_first_watch) }),
    ...(seq !== null && { seq: exactIn(seq, -1n) }),
  };
}

/** Numbers of the kernel's records have 64 bits. */
function exactIn(value: unknown, least: bigint): bigint {
  if (typeof value !== 'bigint' || value < least) throw new Error('no number');
  return value;
}

/** Whether any boot was ever watched to the end of its log. */
export function hasCursor(db: Database): boolean {
  return db.prepare('SELECT 1 FROM boots WHERE seq IS NOT NULL LIMIT 1').get() !== undefined;
}

/**
 * Makes the boot's row where it is missing. Their order says which is the oldest: a machine whose clock begins in
 * 1970 would forget its own boot. Kills of it are there already where a damaged row was lost.
 */
export function beginBoot(db: Database, bootId: string, nowMs: number): void {
  if (prepared(db, 'SELECT 1 FROM boots WHERE boot_id = ?').get(bootId) !== undefined) return;
  prepared(
    db,
    `INSERT INTO boots (boot_id, begun_ms, kills)
     VALUES (?1, ?2, (SELECT count(*) FROM kills WHERE boot_id = ?1))`,
  ).run(bootId, nowMs);
  prepared(
    db,
    'DELETE FROM boots WHERE rowid NOT IN (SELECT rowid FROM boots ORDER BY rowid DESC LIMIT ?)',
  ).run(maxBoots);
}

export function countKills(db: Database, kills: readonly Pick<JournalledKill, 'kill'>[]): void {
  const counts = new Map<string, number>();
  for (const { kill } of kills) {
    if (kill.bootId !== undefined) counts.set(kill.bootId, (counts.get(kill.bootId) ?? 0) + 1);
  }
  for (const [bootId, count] of counts)
    prepared(db, 'UPDATE boots SET kills = kills + ? WHERE boot_id = ?').run(count, bootId);
}

/** Moves the cursor on, never back, and adds the tallies. */
export function advanceBoot(
  db: Database,
  { bootId, seq }: Cursor,
  tallies: Partial<Tallies>,
  lostThrough: bigint,
): void {
  const { repeats = 0, forged = 0, lost = 0, beforeFirstWatch, whileAway = 0 } = tallies;
  prepared(
    db,
    `UPDATE boots SET
       seq = max(coalesce(seq, -1), ?), lost_through = max(lost_through, ?),
       repeats = repeats + ?, forged = forged + ?, lost = lost + ?, while_away = while_away + ?,
       before_first_watch = CASE WHEN ? IS NULL THEN before_first_watch ELSE coalesce(before_first_watch, 0) + ? END
     WHERE boot_id = ?`,
  ).run(
    seq,
    lostThrough,
    repeats,
    forged,
    lost,
    whileAway,
    beforeFirstWatch ?? null,
    beforeFirstWatch ?? null,
    bootId,
  );
}

export function setUnaccounted(db: Database, bootId: string, unaccounted: number): void {
  db.prepare('UPDATE boots SET unaccounted = ? WHERE boot_id = ?').run(unaccounted, bootId);
}

/** Writes the record as it is, over what is there. */
export function restoreBoot(db: Database, boot: BootRecord, nowMs: number): void {
  db.prepare(
    `INSERT OR REPLACE INTO boots
       (boot_id, begun_ms, seq, kills, repeats, forged, lost, before_first_watch, while_away, unaccounted, lost_through)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    boot.bootId,
    nowMs,
    boot.seq ?? null,
    boot.kills,
    boot.repeats,
    boot.forged,
    boot.lost,
    boot.beforeFirstWatch ?? null,
    boot.whileAway,
    boot.unaccounted,
    boot.lostThrough,
  );
}
