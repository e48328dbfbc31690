import { numberIn, type PositionTable, readRows } from '@oomwatcher/journal';

/** The row of the journal up to which the collector has every kill. */
export const deliveredTo: PositionTable = {
  read: (db) => readRows(db, 'SELECT row FROM otlp_position', [], ({ row }) => numberIn(row))[0],
  save: (db, row) => {
    db.prepare('INSERT OR REPLACE INTO otlp_position (id, row) VALUES (1, ?)').run(row);
  },
};
