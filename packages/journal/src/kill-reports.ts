import type { Kill, RawReport } from '@oomwatcher/oom';
import { wholeReport } from '@oomwatcher/oom';
import { type Database, prepared } from './sqlite.js';

export function insertReport(db: Database, row: number, report: RawReport): void {
  prepared(db, 'INSERT INTO kill_reports (row, report) VALUES (?, ?)').run(
    row,
    JSON.stringify(report),
  );
}

/** Reports that are kept: of the newest `mostKills` of the kills that are there. */
export function pruneReports(db: Database, mostKills: number): void {
  prepared(
    db,
    `DELETE FROM kill_reports WHERE row < coalesce(
       max((SELECT min(row) FROM kills), (SELECT max(row) FROM kills) + 1 - ?), 9223372036854775807)`,
  ).run(mostKills);
}

/** The lines of the log that tell of the kill; undefined: they are not kept (any more). */
export function reportOf(db: Database, kill: Kill): RawReport | undefined {
  const read = prepared(db, 'SELECT report FROM kill_reports JOIN kills USING (row) WHERE id = ?');
  return wholeReport(kill, (id) => {
    const found = read.get(id);
    return found === undefined ? undefined : (JSON.parse(found.report as string) as RawReport);
  });
}
