import type { Kill, RunUp } from '@oomwatcher/oom';
import { type Row, readRows, textIn } from './read-rows.js';
import { decodeRunUp, encodeRunUp } from './run-up-code.js';
import { type Database, prepared } from './sqlite.js';

/** Apart from the kill's row, which every question reads. What is there already stays: it was nearer to the kill. */
export function insertRunUp(db: Database, row: number, runUp: RunUp): void {
  insertRunUpText(db, row, encodeRunUp(runUp));
}

export function insertRunUpText(db: Database, row: number, text: string): void {
  prepared(db, 'INSERT OR IGNORE INTO kill_run_ups (row, run_up) VALUES (?, ?)').run(row, text);
}

/** The minutes before the kill; undefined: they were not recorded, or are not kept (any more). */
export function runUpOf(db: Database, { id }: Pick<Kill, 'id'>): RunUp | undefined {
  const sql = 'SELECT run_up, row FROM kill_run_ups JOIN kills USING (row) WHERE id = ?';
  return readRows(db, sql, [id], runUpFromRow)[0];
}

/** As it is stored, once it is known that it can be read. */
export function runUpText(db: Database, row: number): string | undefined {
  const sql = 'SELECT run_up, row FROM kill_run_ups WHERE row = ?';
  return readRows(db, sql, [row], (found) => {
    runUpFromRow(found);
    return textIn(found.run_up);
  })[0];
}

function runUpFromRow({ run_up: text }: Row): RunUp {
  return decodeRunUp(textIn(text));
}
