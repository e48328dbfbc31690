import type { Database } from '@oomwatcher/journal';

/** The row of the journal up to which the collector has every kill; undefined before the first start. */
export function readPosition(db: Database): number | undefined {
  return db.prepare('SELECT row FROM otlp_position').get()?.row as number | undefined;
}

export function savePosition(db: Database, row: number): void {
  db.prepare('INSERT OR REPLACE INTO otlp_position VALUES (1, ?)').run(row);
}
