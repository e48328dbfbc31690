import { type Row, readRows, textIn } from './read-rows.js';
import { type Database, prepared } from './sqlite.js';
import type { Store } from './store.js';

/** Whether the kernel itself reports kills to the agent that has the journal, and why (not), in one sentence. */
export interface WitnessNote {
  live: boolean;
  reason: string;
}

/** What the newest agent said of its witness in this boot; undefined: it had asked for none. */
export function readWitnessNote(db: Database, bootId: string): WitnessNote | undefined {
  const sql = 'SELECT live, reason FROM witness_note WHERE boot_id = ?';
  return readRows(db, sql, [bootId], noteFromRow)[0];
}

/** What whoever asks beside the agent learns of its witness; undefined: none was asked for. */
export function noteWitness(store: Store, bootId: string, note: WitnessNote | undefined): void {
  const known = store.read((db) => readWitnessNote(db, bootId));
  if (known?.live === note?.live && known?.reason === note?.reason) return;
  store.write((db) => {
    prepared(db, 'DELETE FROM witness_note').run();
    if (note === undefined) return;
    prepared(db, 'INSERT INTO witness_note (id, boot_id, live, reason) VALUES (1, ?, ?, ?)').run(
      bootId,
      note.live ? 1 : 0,
      note.reason,
    );
  });
}

function noteFromRow({ live, reason }: Row): WitnessNote {
  return { live: live === 1n, reason: textIn(reason) };
}
