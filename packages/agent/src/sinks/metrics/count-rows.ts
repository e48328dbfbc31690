import {
  type Database,
  numberIn,
  type PositionTable,
  type Row,
  readRows,
  textIn,
} from '@oomwatcher/journal';
import { type Family, labelsOf, valuesIn } from './series.js';
import type { Series } from './series-table.js';

export interface SavedSeries extends Series {
  family: Family;
  /** The labels as they are stored; others than `labelsOf` makes of the values were written by another version. */
  stored: string;
}

export interface SavedCounts {
  /** The least recently killed first. */
  series: SavedSeries[];
  /** Rows up to there that are not counted yet. */
  waiting: number[];
}

export function readCounts(db: Database, families: readonly Family[]): SavedCounts {
  const waiting = readRows(db, 'SELECT row FROM kill_count_waiting ORDER BY row', [], ({ row }) =>
    numberIn(row),
  );
  const sql = 'SELECT * FROM kill_series ORDER BY last_row';
  const series = readRows(db, sql, [], (row): SavedSeries | undefined => {
    const family = families.find(({ name }) => name === row.family);
    // Another version's.
    if (family === undefined) return undefined;
    const stored = textIn(row.labels);
    const values = valuesIn(family, JSON.parse(stored));
    return {
      family,
      values,
      stored,
      kills: numberIn(row.kills),
      lastRow: numberIn(row.last_row),
      ...timesIn(row),
    };
  });
  return { series: series.filter((each) => each !== undefined), waiting };
}

function timesIn(row: Row): Pick<Series, 'firstMs' | 'last'> {
  if (row.first_ms === null || row.last_ms === null) return {};
  const sizes = [
    ['usageKiB', row.usage_kib],
    ['limitKiB', row.limit_kib],
    ['residentKiB', row.resident_kib],
  ] as const;
  return {
    firstMs: numberIn(row.first_ms),
    last: {
      timeMs: numberIn(row.last_ms),
      ...Object.fromEntries(
        sizes.filter(([, value]) => value !== null).map(([name, value]) => [name, numberIn(value)]),
      ),
    },
  };
}

export function saveSeries(db: Database, family: Family, series: Series): void {
  const { values, kills, lastRow, firstMs, last } = series;
  db.prepare(
    `INSERT OR REPLACE INTO kill_series
       (family, labels, kills, last_row, first_ms, last_ms, usage_kib, limit_kib, resident_kib)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    family.name,
    labelsOf(family, values),
    kills,
    lastRow,
    firstMs ?? null,
    last?.timeMs ?? null,
    last?.usageKiB ?? null,
    last?.limitKiB ?? null,
    last?.residentKiB ?? null,
  );
}

/** @param stored the labels as they are stored */
export function deleteSeries(db: Database, family: Family, stored: string): void {
  db.prepare('DELETE FROM kill_series WHERE family = ? AND labels = ?').run(family.name, stored);
}

/** Up to which row of the journal they count. */
export const countedTo: PositionTable = {
  read: (db) =>
    readRows(db, 'SELECT row FROM kill_count_cursor', [], ({ row }) => numberIn(row))[0],
  save: (db, row) => {
    db.prepare('INSERT OR REPLACE INTO kill_count_cursor (id, row) VALUES (1, ?)').run(row);
  },
};

export function saveWaiting(db: Database, rows: readonly number[]): void {
  db.exec('DELETE FROM kill_count_waiting');
  for (const row of rows) db.prepare('INSERT INTO kill_count_waiting (row) VALUES (?)').run(row);
}
