import type { Database } from '@oomwatcher/journal';
import type { FamilyName, LabelValues } from './series.js';
import type { Series } from './series-table.js';

export interface SavedSeries extends Series {
  family: FamilyName;
}

export interface SavedCounts {
  /** Up to which row of the journal they count. */
  row: number;
  /** The least recently killed first. */
  series: SavedSeries[];
  /** Rows up to there that are not counted yet. */
  waiting: number[];
}

export function readCounts(db: Database): SavedCounts {
  const series = db.prepare('SELECT * FROM kill_counts ORDER BY last_row').all();
  const cursor = db.prepare('SELECT row FROM kill_count_cursor').get();
  const waiting = db.prepare('SELECT row FROM kill_count_waiting ORDER BY row').all();
  return {
    row: (cursor?.row as number | undefined) ?? 0,
    series: series.map(({ family, label_values, kills, last_row }) => ({
      family: family as FamilyName,
      values: JSON.parse(label_values as string) as LabelValues,
      kills: kills as number,
      lastRow: last_row as number,
    })),
    waiting: waiting.map(({ row }) => row as number),
  };
}

export function saveSeries(db: Database, { family, values, kills, lastRow }: SavedSeries): void {
  db.prepare('INSERT OR REPLACE INTO kill_counts VALUES (?, ?, ?, ?)').run(
    family,
    JSON.stringify(values),
    kills,
    lastRow,
  );
}

export function deleteSeries(db: Database, family: FamilyName, values: LabelValues): void {
  db.prepare('DELETE FROM kill_counts WHERE family = ? AND label_values = ?').run(
    family,
    JSON.stringify(values),
  );
}

export function saveCursor(db: Database, row: number): void {
  db.prepare('INSERT OR REPLACE INTO kill_count_cursor VALUES (1, ?)').run(row);
}

export function saveWaiting(db: Database, rows: readonly number[]): void {
  db.exec('DELETE FROM kill_count_waiting');
  for (const row of rows) db.prepare('INSERT INTO kill_count_waiting VALUES (?)').run(row);
}
