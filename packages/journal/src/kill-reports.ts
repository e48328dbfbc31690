import type { Kill, RawReport } from '@oomwatcher/oom';
import { wholeReport } from '@oomwatcher/oom';
import { readReport } from './read-kill.js';
import { type Row, readRows, textIn } from './read-rows.js';
import { type Database, prepared } from './sqlite.js';

export function insertReport(db: Database, row: number, report: RawReport): void {
  prepared(db, 'INSERT INTO kill_reports (row, report) VALUES (?, ?)').run(
    row,
    JSON.stringify(report),
  );
}

/** Reports and run-ups that are kept: of the newest `maxKills` of the kills that are there. */
export function pruneDetails(db: Database, maxKills: number): void {
  for (const table of ['kill_reports', 'kill_run_ups']) {
    prepared(
      db,
      `DELETE FROM ${table} WHERE row < coalesce(
         max((SELECT min(row) FROM kills), (SELECT max(row) FROM kills) + 1 - ?), 9223372036854775807)`,
    ).run(maxKills);
  }
}

/** The lines of the log that report the kill; undefined: they are not kept (any more). */
export function reportOf(db: Database, kill: Kill): RawReport | undefined {
  const sql = 'SELECT report, row FROM kill_reports JOIN kills USING (row) WHERE id = ?';
  return wholeReport(kill, (id) => readRows(db, sql, [id], reportFromRow)[0]);
}

export function reportFromRow({ report }: Row): RawReport {
  return readReport(textIn(report));
}
