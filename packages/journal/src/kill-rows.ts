import type { Kill, Scope } from '@oomwatcher/oom';
import { numberIn, readRows } from './read-rows.js';
import { type Database, prepared } from './sqlite.js';

/** A kill as the journal holds it. */
export interface JournalledKill {
  /** Ascending in the order of recording; never used again. */
  row: number;
  kill: Kill;
  recordedMs: number;
  /** It was in the kernel's log before the agent's very first start here. */
  historic: boolean;
}

/** What a list of many kills shows of one. */
export interface ShownKill {
  row: number;
  /** Kernel time of the kill, or when it was recorded if that is not known. */
  timeMs: number;
  pid: number | undefined;
  name: string | undefined;
  scope: string | undefined;
  namespace: string | undefined;
  /** Its name, else its uid. */
  pod: string | undefined;
  /** Its name, else its id. */
  container: string | undefined;
  cgroup: string | undefined;
  usageKiB: number | undefined;
  limitKiB: number | undefined;
}

/** Which kills; all that is given must hold. */
export interface KillQuery {
  /** Kernel time of the kill, or when it was recorded if that is not known; milliseconds since the epoch, inclusive. */
  sinceMs?: number;
  /** Exclusive. */
  untilMs?: number;
  namespace?: string;
  pod?: string;
  container?: string;
  /** The victim's. */
  name?: string;
  scope?: Scope;
  /** Only rows below this one: goes on after the last row of an earlier answer. */
  beforeRow?: number;
  limit: number;
}

const columns = 'row, recorded_ms, historic, kill';

/**
 * Adds the kill; undefined: one with its id is there. That is asked before: a conflict would use up a row number
 * (AUTOINCREMENT), and the bound by rows counts by numbers.
 */
export function insertKill(
  db: Database,
  kill: Kill,
  recordedMs: number,
  historic: boolean,
): JournalledKill | undefined {
  if (prepared(db, 'SELECT 1 FROM kills WHERE id = ?').get(kill.id) !== undefined) return undefined;
  const { lastInsertRowid } = prepared(
    db,
    `INSERT INTO kills
       (id, boot_id, time_ms, recorded_ms, historic, scope, name, namespace, pod, container, kill)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    kill.id,
    kill.bootId ?? null,
    kill.time === undefined ? recordedMs : Date.parse(kill.time),
    recordedMs,
    historic ? 1 : 0,
    kill.scope ?? null,
    kill.victim?.name ?? null,
    kill.pod?.namespace ?? null,
    kill.pod?.name ?? null,
    kill.pod?.container ?? null,
    JSON.stringify(kill),
  );
  return { row: Number(lastInsertRowid), kill, recordedMs, historic };
}

export function updateKill(db: Database, { row, kill }: JournalledKill): void {
  const { namespace = null, name = null, container = null } = kill.pod ?? {};
  db.prepare('UPDATE kills SET namespace = ?, pod = ?, container = ?, kill = ? WHERE row = ?').run(
    namespace,
    name,
    container,
    JSON.stringify(kill),
    row,
  );
}

export function killById(db: Database, id: string): JournalledKill | undefined {
  const row = db.prepare(`SELECT ${columns} FROM kills WHERE id = ?`).get(id);
  return row === undefined ? undefined : fromRow(row);
}

type Filter = Omit<KillQuery, 'limit' | 'beforeRow'>;

/** Oldest first. */
export function killsAfter(
  db: Database,
  row: number,
  limit: number,
  filter: Filter = {},
): JournalledKill[] {
  const { where, values } = conditions({ ...filter, afterRow: row });
  return db
    .prepare(`SELECT ${columns} FROM kills ${where} ORDER BY row LIMIT ?`)
    .all(...values, limit)
    .map(fromRow);
}

/** The row of the kill with which the newest `count` begin; 0 when there are not so many. */
export function nthNewestRow(db: Database, filter: Filter, count: number): number {
  const { where, values } = conditions(filter);
  const found = db
    .prepare(`SELECT row FROM kills ${where} ORDER BY row DESC LIMIT 1 OFFSET ?`)
    .get(...values, count - 1);
  return (found?.row as number | undefined) ?? 0;
}

/** Newest first. */
export function findKills(db: Database, { limit, ...filter }: KillQuery): JournalledKill[] {
  const { where, values } = conditions(filter);
  return db
    .prepare(`SELECT ${columns} FROM kills ${where} ORDER BY row DESC LIMIT ?`)
    .all(...values, limit)
    .map(fromRow);
}

/** Newest first; the records as they are stored, for who hands them on unread. */
export function findRecords(db: Database, { limit, ...filter }: KillQuery): StoredKill[] {
  const { where, values } = conditions(filter);
  return db
    .prepare(`SELECT ${columns} FROM kills ${where} ORDER BY row DESC LIMIT ?`)
    .all(...values, limit) as unknown as StoredKill[];
}

/** `kill`: JSON. */
export interface StoredKill {
  row: number;
  recorded_ms: number;
  historic: 0 | 1;
  kill: string;
}

/** Newest first; of each record only what a list shows, which SQLite takes out of it. */
export function findShown(db: Database, { limit, ...filter }: KillQuery): ShownKill[] {
  const { where, values } = conditions(filter);
  return db
    .prepare(
      `SELECT row, time_ms, scope, name, namespace, pod, container, json_extract(kill, '$.victim.pid',
         '$.pod.uid', '$.container.id', '$.cgroup.victim', '$.memory.usageKiB', '$.memory.limitKiB') AS more
       FROM kills ${where} ORDER BY row DESC LIMIT ?`,
    )
    .all(...values, limit)
    .map(shownFromRow);
}

function shownFromRow(row: Record<string, unknown>): ShownKill {
  const [pid, podUid, containerId, cgroup, usageKiB, limitKiB] = JSON.parse(row.more as string);
  const text = (column: string) => (row[column] as string | null) ?? undefined;
  return {
    row: row.row as number,
    timeMs: row.time_ms as number,
    pid: pid ?? undefined,
    name: text('name'),
    scope: text('scope'),
    namespace: text('namespace'),
    pod: text('pod') ?? podUid ?? undefined,
    container: text('container') ?? containerId ?? undefined,
    cgroup: cgroup ?? undefined,
    usageKiB: usageKiB ?? undefined,
    limitKiB: limitKiB ?? undefined,
  };
}

function conditions(query: Omit<KillQuery, 'limit'> & { afterRow?: number }) {
  const all: [sql: string, value: string | number | undefined][] = [
    ['time_ms >= ?', query.sinceMs],
    ['time_ms < ?', query.untilMs],
    ['namespace = ?', query.namespace],
    ['pod = ?', query.pod],
    ['container = ?', query.container],
    ['name = ?', query.name],
    ['scope = ?', query.scope],
    ['row < ?', query.beforeRow],
    ['row > ?', query.afterRow],
  ];
  const given = all.filter(
    (condition): condition is [string, string | number] => condition[1] !== undefined,
  );
  const where = given.length === 0 ? '' : `WHERE ${given.map(([sql]) => sql).join(' AND ')}`;
  return { where, values: given.map(([, value]) => value) };
}

/** Rows that are kept: the newest `mostRows` of those recorded since `sinceMs`. */
export function pruneKills(db: Database, mostRows: number, sinceMs: number): void {
  db.prepare('DELETE FROM kills WHERE row <= (SELECT max(row) FROM kills) - ?').run(mostRows);
  const oldest = db.prepare('SELECT recorded_ms FROM kills ORDER BY row LIMIT 1').get();
  if (oldest === undefined || (oldest.recorded_ms as number) >= sinceMs) return;
  db.prepare(
    `DELETE FROM kills WHERE row <
       coalesce((SELECT row FROM kills WHERE recorded_ms >= ? ORDER BY row LIMIT 1), 9223372036854775807)`,
  ).run(sinceMs);
}

/** The first and last row that are there; undefined: none. */
export function rowRange(db: Database): { oldest: number; newest: number } | undefined {
  const { oldest, newest } = db
    .prepare('SELECT min(row) AS oldest, max(row) AS newest FROM kills')
    .get() as { oldest: number | null; newest: number | null };
  return oldest === null || newest === null ? undefined : { oldest, newest };
}

/** The newest row that was ever given; 0: none. */
export function lastRowOf(db: Database): number {
  const newest = rowRange(db)?.newest ?? 0;
  const [given = 0] = readRows(
    db,
    "SELECT seq FROM sqlite_sequence WHERE name = 'kills'",
    [],
    ({ seq }) => numberIn(seq),
  );
  return Math.max(newest, given);
}

/** Makes the next row a later one than `row`, whatever is in the table. */
export function reserveRows(db: Database, row: number): void {
  const { changes } = db
    .prepare("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'kills'")
    .run(row);
  if (changes === 0) {
    db.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES ('kills', ?)").run(row);
  }
}

function fromRow(row: Record<string, unknown>): JournalledKill {
  return {
    row: row.row as number,
    kill: JSON.parse(row.kill as string) as Kill,
    recordedMs: row.recorded_ms as number,
    historic: row.historic === 1,
  };
}
