import { countedAs } from './kill-rows.js';
import { readKill } from './read-kill.js';
import { type Database, DatabaseSync } from './sqlite.js';
import { changedSchema, foreignDatabase, newerSchema } from './trouble.js';

/**
 * What a database goes through from nothing to now; its `user_version` is how many of these it has behind it. Append
 * only: a database that is out there has had the earlier ones as they are. What a column means is named in it: a list by
 * position breaks when the program that reads it knows one more.
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
  // The Kubernetes sink. `kubernetes_events` is the desired state: an event a row, `count` how many kills it should report
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
  // Kills by the labels of the metrics, the row up to which they count, and the rows before it that
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
  // Labels by their names (an object of those that are not empty), where they were a list by position before: a metric may
  // get another label. And the first version whose programs may write this database, so that one may be rolled back.
  `CREATE TABLE kill_series (
     family TEXT NOT NULL,
     labels TEXT NOT NULL,
     kills INTEGER NOT NULL,
     last_row INTEGER NOT NULL,
     PRIMARY KEY (family, labels)
   ) STRICT;
   INSERT OR REPLACE INTO kill_series (family, labels, kills, last_row)
     SELECT family, json_patch('{}', CASE family
       WHEN 'kills' THEN json_object('namespace', nullif(label_values ->> 0, ''), 'pod', nullif(label_values ->> 1, ''),
         'container', nullif(label_values ->> 2, ''), 'scope', nullif(label_values ->> 3, ''))
       WHEN 'scopes' THEN json_object('scope', nullif(label_values ->> 0, ''))
       ELSE json_object('id', nullif(label_values ->> 0, ''), 'name', nullif(label_values ->> 1, ''),
         'image', nullif(label_values ->> 2, ''), 'container', nullif(label_values ->> 3, ''),
         'namespace', nullif(label_values ->> 4, ''), 'pod', nullif(label_values ->> 5, '')) END), kills, last_row
     FROM kill_counts WHERE json_valid(label_values);
   DROP TABLE kill_counts;
   CREATE TABLE schema (id INTEGER PRIMARY KEY CHECK (id = 1), oldest_writer INTEGER NOT NULL) STRICT;
   INSERT INTO schema (id, oldest_writer) VALUES (1, 6);`,
  // How long agents have run beside this journal (lived-time.ts), and which rows were there when.
  `CREATE TABLE lived (id INTEGER PRIMARY KEY CHECK (id = 1), ms INTEGER NOT NULL) STRICT;
   CREATE TABLE lived_marks (lived_ms INTEGER PRIMARY KEY, row INTEGER NOT NULL) STRICT;`,
  // The Kubernetes sink: kills of a queue (the node's, or a namespace's) after this row that are no events yet, though
  // the position is behind them.
  `CREATE TABLE kubernetes_deferred (
     queue TEXT PRIMARY KEY,
     row INTEGER NOT NULL,
     kills INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID`,
  // The other id of a kill that the kernel told itself: its line's, or its process's (idsOf).
  `CREATE TABLE kill_aliases (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT`,
  // What the agent last said of its witness in the kernel, for who asks beside it.
  `CREATE TABLE witness_note (
     id INTEGER PRIMARY KEY CHECK (id = 1),
     boot_id TEXT NOT NULL,
     live INTEGER NOT NULL,
     reason TEXT NOT NULL
   ) STRICT`,
  // The Kubernetes sink: processes that were killed together are one event of each subject.
  `CREATE TABLE kubernetes_groups (
     group_id TEXT NOT NULL,
     subject TEXT NOT NULL,
     number INTEGER NOT NULL,
     PRIMARY KEY (group_id, subject)
   ) STRICT, WITHOUT ROWID`,
  // What a kill is counted under (workloadOf), and which kills are one because they were killed together. Filled in by
  // `fillWorkloads`, for SQL cannot.
  `ALTER TABLE kills ADD COLUMN workload TEXT;
   ALTER TABLE kills ADD COLUMN incident TEXT;
   CREATE INDEX kills_workload ON kills (workload, time_ms, incident);`,
  // When the kills of a series were, and what the kernel said of the last: counts alone cannot say that a series is new.
  // NULL where an earlier version counted.
  `ALTER TABLE kill_series ADD COLUMN first_ms INTEGER;
   ALTER TABLE kill_series ADD COLUMN last_ms INTEGER;
   ALTER TABLE kill_series ADD COLUMN usage_kib INTEGER;
   ALTER TABLE kill_series ADD COLUMN limit_kib INTEGER;
   ALTER TABLE kill_series ADD COLUMN resident_kib INTEGER;`,
  // The minutes before a kill (run-up-code.ts), of the newest kills only.
  'CREATE TABLE kill_run_ups (row INTEGER PRIMARY KEY, run_up TEXT NOT NULL) STRICT',
  // Where the kernel's kill counters stood at the cursor (known-counts.ts).
  `CREATE TABLE known_counts (
     id INTEGER PRIMARY KEY CHECK (id = 1),
     boot_id TEXT NOT NULL,
     cursor_seq INTEGER NOT NULL,
     counts TEXT NOT NULL,
     digest TEXT NOT NULL
   ) STRICT`,
  // The Kubernetes sink: how many processes of which container a combined event counts. By its id, where its name is not known
  // yet (else that is empty): a crash loop has a new id each time, and one row for all that are named.
  `CREATE TABLE kubernetes_containers (
     number INTEGER NOT NULL,
     id TEXT NOT NULL,
     name TEXT NOT NULL,
     kills INTEGER NOT NULL,
     PRIMARY KEY (number, id, name)
   ) STRICT, WITHOUT ROWID`,
];

/** The first version with the workloads' columns. */
export const withWorkloads = 12;

/** How many migrations this program knows. */
export const schemaVersion = migrations.length;

/** `oomw`: whose database this is (https://sqlite.org/fileformat2.html#application_id). */
const applicationId = 0x6f6f6d77;

/**
 * Brings the database up to now, once it is known to be ours, and as it was made.
 *
 * @throws JournalTrouble when it is of a newer version that this program must not write, when it is another program's,
 * and when its schema is not what it should be; it is left as it is.
 */
export function migrate(db: Database, path: string): void {
  mustBeUsable(db, path);
  const version = versionOf(db);
  if (version >= schemaVersion) return;
  db.exec('BEGIN IMMEDIATE');
  for (const migration of migrations.slice(version)) db.exec(migration);
  if (version < withWorkloads) fillWorkloads(db);
  db.exec(`PRAGMA user_version = ${schemaVersion}; PRAGMA application_id = ${applicationId}`);
  db.exec('COMMIT');
}

/** Whether this program may use the database. @throws JournalTrouble when not */
export function mustBeUsable(db: Database, path: string): void {
  const version = versionOf(db);
  if (version > schemaVersion && oldestWriter(db) > schemaVersion) {
    throw newerSchema(path, version, schemaVersion);
  }
  // A program of later may have added to what this one knows.
  const columns = version > schemaVersion ? 'name' : 'name, sql';
  const made = new Set(schemaOf(db, columns));
  const expected = expectedSchema(Math.min(version, schemaVersion), columns);
  const missing = expected.filter((part) => !made.has(part));
  const isOfAnother = ![0, applicationId].includes(numberOf(db, 'application_id'));
  if (missing.length === expected.length && (isOfAnother || made.size > 0)) {
    throw foreignDatabase(path);
  }
  const early = expectedSchema(schemaVersion, columns).filter(
    (part) => made.has(part) && !expected.includes(part),
  );
  if (version < 0 || missing.length > 0 || early.length > 0) throw changedSchema(path);
}

export function versionOf(db: Database): number {
  return numberOf(db, 'user_version');
}

function numberOf(db: Database, pragma: 'user_version' | 'application_id'): number {
  return Number(db.prepare(`PRAGMA ${pragma}`).get()?.[pragma]);
}

/** The version from which on programs may write the database; a rolled back agent asks. */
function oldestWriter(db: Database): number {
  try {
    return Number(db.prepare('SELECT oldest_writer FROM schema').get()?.oldest_writer);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function schemaOf(db: Database, columns: 'name' | 'name, sql'): string[] {
  return db
    .prepare(`SELECT ${columns} FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`)
    .all()
    .map((row) => JSON.stringify(row));
}

/** As the migrations make it. */
function expectedSchema(version: number, columns: 'name' | 'name, sql'): string[] {
  if (version <= 0) return [];
  const memory = new DatabaseSync(':memory:');
  for (const migration of migrations.slice(0, version)) memory.exec(migration);
  const expected = schemaOf(memory, columns);
  memory.close();
  return expected;
}

/** Of rows of before; one that cannot be read is counted under nothing. */
function fillWorkloads(db: Database): void {
  db.function('counted_as', { deterministic: true }, (kill: unknown, which: unknown) => {
    try {
      return countedAs(readKill(String(kill)))[Number(which)] ?? null;
    } catch {
      return null;
    }
  });
  db.exec('UPDATE kills SET workload = counted_as(kill, 0), incident = counted_as(kill, 1)');
}
