import type { Database } from './sqlite.js';
import { newerSchema } from './trouble.js';

/**
 * What a database goes through from nothing to now; its `user_version` is how many of these it has behind it. Append
 * only: a database that is out there has had the earlier ones as they are.
 */
const migrations: readonly string[] = [
  // Kills, with the columns that questions are asked about; the whole record as JSON comes last, so that a row that a
  // question passes over is not read to its end. A row number is never used again: sinks remember where they are by it.
  // `time_ms` is the kernel's time of the kill where it is known, else when it was recorded.
  `CREATE TABLE kills (
     row INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     boot_id TEXT,
     time_ms INTEGER NOT NULL,
     recorded_ms INTEGER NOT NULL,
     historic INTEGER NOT NULL,
     scope TEXT,
     name TEXT,
     namespace TEXT,
     pod TEXT,
     container TEXT,
     kill TEXT NOT NULL
   ) STRICT;
   CREATE INDEX kills_time ON kills (time_ms);
   CREATE INDEX kills_pod ON kills (namespace, pod, container);
   CREATE TABLE boots (
     boot_id TEXT PRIMARY KEY,
     begun_ms INTEGER NOT NULL,
     seq INTEGER,
     kills INTEGER NOT NULL DEFAULT 0,
     repeats INTEGER NOT NULL DEFAULT 0,
     forged INTEGER NOT NULL DEFAULT 0,
     lost INTEGER NOT NULL DEFAULT 0,
     before_first_watch INTEGER,
     while_away INTEGER NOT NULL DEFAULT 0,
     unaccounted INTEGER NOT NULL DEFAULT 0,
     lost_through INTEGER NOT NULL DEFAULT -1
   ) STRICT;`,
  // The Kubernetes sink. `kubernetes_events` is the desired state: an event a row, `count` how many kills it should tell
  // of, `settled` of how many the API server knows (or finally does not want to know). Combined events grow while their
  // window lasts. The position in the journal changes in the same transaction as what was derived up to it.
  `CREATE TABLE kubernetes_position (
     one INTEGER PRIMARY KEY CHECK (one = 1),
     row INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE kubernetes_subjects (
     subject TEXT PRIMARY KEY,
     namespace TEXT,
     name TEXT,
     window_start_ms INTEGER NOT NULL,
     window_kills INTEGER NOT NULL,
     combined INTEGER
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE kubernetes_events (
     number INTEGER PRIMARY KEY AUTOINCREMENT,
     key TEXT NOT NULL,
     subject TEXT NOT NULL,
     combined INTEGER NOT NULL,
     count INTEGER NOT NULL,
     settled INTEGER NOT NULL DEFAULT 0,
     created INTEGER NOT NULL DEFAULT 0,
     first_ms INTEGER NOT NULL,
     last_ms INTEGER NOT NULL,
     recorded_ms INTEGER NOT NULL,
     parked_until_ms INTEGER NOT NULL DEFAULT 0,
     container TEXT,
     kill_id TEXT NOT NULL,
     kill TEXT NOT NULL
   ) STRICT;
   CREATE INDEX kubernetes_events_pending ON kubernetes_events (subject, number)
     WHERE settled < count;
   CREATE INDEX kubernetes_events_kill ON kubernetes_events (kill_id);
   CREATE TABLE kubernetes_victims (
     number INTEGER NOT NULL,
     name TEXT NOT NULL,
     kills INTEGER NOT NULL,
     PRIMARY KEY (number, name)
   ) STRICT, WITHOUT ROWID;`,
  // Kills by the labels of the metrics (metrics/series.ts), the row up to which they count, and the rows before it that
  // wait for their pod's name.
  `CREATE TABLE kill_counts (
     family TEXT NOT NULL,
     label_values TEXT NOT NULL,
     kills INTEGER NOT NULL,
     last_row INTEGER NOT NULL,
     PRIMARY KEY (family, label_values)
   ) STRICT;
   CREATE TABLE kill_count_cursor (id INTEGER PRIMARY KEY CHECK (id = 1), row INTEGER NOT NULL) STRICT;
   CREATE TABLE kill_count_waiting (row INTEGER PRIMARY KEY) STRICT;`,
  // The OTLP sink: the row up to which the collector has every kill.
  'CREATE TABLE otlp_position (id INTEGER PRIMARY KEY CHECK (id = 1), row INTEGER NOT NULL) STRICT',
  // The lines that a kill was read from (RawReport as JSON), of the newest kills only: of no list, so no column of kills.
  'CREATE TABLE kill_reports (row INTEGER PRIMARY KEY, report TEXT NOT NULL) STRICT',
  // The Kubernetes sink: kills of a queue (the node's, or a namespace's) after this row that are no events yet, though
  // the position is behind them.
  `CREATE TABLE kubernetes_deferred (
     queue TEXT PRIMARY KEY,
     row INTEGER NOT NULL,
     kills INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID`,
];

/** How many migrations this program knows. */
export const schemaVersion = migrations.length;

/** Brings the database up to now. @throws JournalTrouble when it is of a newer version; it is left as it is. */
export function migrate(db: Database, path: string): void {
  const version = versionOf(db);
  if (version > schemaVersion) throw newerSchema(path, version, schemaVersion);
  if (version === schemaVersion) return;
  db.exec('BEGIN IMMEDIATE');
  for (const migration of migrations.slice(version)) db.exec(migration);
  db.exec(`PRAGMA user_version = ${schemaVersion}`);
  db.exec('COMMIT');
}

export function versionOf(db: Database): number {
  const { user_version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
  return user_version;
}
