import { type Kill, timeMsOf, workloadKey, workloadOf } from '@oomwatcher/oom';
import { conditions, type Filter, type KillQuery } from './kill-query.js';
import { insertRunUp } from './kill-run-ups.js';
import { readKill } from './read-kill.js';
import {
  decodeRows,
  noteLeftOut,
  numberIn,
  optionalTextIn,
  type Row,
  rawRows,
  readRows,
  textIn,
} from './read-rows.js';
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
  /** As `workloadKey` names it. */
  workload: string | undefined;
  usageKiB: number | undefined;
  limitKiB: number | undefined;
  /** Somebody asked for it (sysrq-f): nothing had run out. */
  manual: boolean;
}

const columns = 'row, recorded_ms, historic, kill';

/**
 * Adds the kill; undefined: a row has its id, if only one that cannot be read. That is asked before: a conflict would use up
 * a row number (AUTOINCREMENT), and the bound by rows counts by numbers.
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
       (id, boot_id, time_ms, recorded_ms, historic, scope, name, namespace, pod, container, kill, workload, incident)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    kill.id,
    kill.bootId ?? null,
    timeMsOf(kill, recordedMs),
    recordedMs,
    historic ? 1 : 0,
    kill.scope ?? null,
    kill.victim?.name ?? null,
    kill.pod?.namespace ?? null,
    kill.pod?.name ?? null,
    kill.pod?.container ?? null,
    recordOf(kill),
    ...countedAs(kill),
  );
  const row = Number(lastInsertRowid);
  if (kill.runUp !== undefined) insertRunUp(db, row, kill.runUp);
  return { row, kill, recordedMs, historic };
}

export function updateKill(db: Database, { row, kill }: JournalledKill): void {
  const { namespace = null, name = null, container = null } = kill.pod ?? {};
  db.prepare(
    `UPDATE kills SET scope = ?, namespace = ?, pod = ?, container = ?, kill = ?, workload = ?, incident = ?
     WHERE row = ?`,
  ).run(
    ...[kill.scope ?? null, namespace, name, container, recordOf(kill)],
    ...countedAs(kill),
    row,
  );
  if (kill.runUp !== undefined) insertRunUp(db, row, kill.runUp);
}

/** As its row holds it: the minutes before it are a row of their own, which no list reads. */
function recordOf({ runUp, ...record }: Kill): string {
  return JSON.stringify(record);
}

/** The columns that recurrence is counted by. */
export function countedAs(kill: Kill): [workload: string | null, incident: string] {
  const workload = workloadOf(kill);
  return [workload === undefined ? null : workloadKey(workload), kill.group?.id ?? kill.id];
}

/** By any of its ids. */
export function killById(db: Database, id: string): JournalledKill | undefined {
  const sql = `SELECT ${columns} FROM kills WHERE id = ?1
    UNION ALL SELECT ${columns} FROM kills WHERE row = (SELECT row FROM kill_aliases WHERE id = ?1)`;
  return readRows(db, sql, [id], killFromRow)[0];
}

/** Oldest first. */
export function killsAfter(
  db: Database,
  row: number,
  limit: number,
  filter: Filter = {},
): JournalledKill[] {
  const page = (afterRow = row) => conditions({ ...filter, afterRow });
  return readKills(db, { columns, order: 'ASC', page, decode: killFromRow, from: row, limit });
}

/** Those of these rows that can be read, each asked for by itself: a scan ends at the first damaged page. */
export function killsBetween(
  db: Database,
  first: number,
  last: number,
  filter: Filter = {},
): JournalledKill[] {
  const { where, values } = conditions({ ...filter, row: 0 });
  const sql = `SELECT ${columns} FROM kills ${where}`;
  const found: JournalledKill[] = [];
  for (let row = first; row <= last; row++) {
    try {
      const rows = rawRows(db, sql, [...values.slice(0, -1), row]);
      found.push(...decodeRows(db, 'kills', rows, killFromRow));
    } catch {
      noteLeftOut(db, `kills ${row}`);
    }
  }
  return found;
}

/** Newest first. */
export function findKills(db: Database, query: KillQuery): JournalledKill[] {
  return newestFirst(db, columns, query, killFromRow);
}

/** Newest first; the records as they are stored, for who hands them on unread. */
export function findRecords(db: Database, query: KillQuery): StoredKill[] {
  return newestFirst(db, columns, query, storedFromRow);
}

/** `kill`: JSON, of a kill. */
export interface StoredKill {
  row: number;
  recorded_ms: number;
  historic: 0 | 1;
  kill: string;
}

/** Newest first; of each record only what a list shows, which SQLite takes out of it. */
export function findShown(db: Database, query: KillQuery): ShownKill[] {
  return newestFirst(db, shownColumns, query, shownFromRow);
}

/** SQLite fails for a text that is no JSON. */
const shownColumns = `row, time_ms, scope, name, namespace, pod, container, workload,
  CASE WHEN json_valid(kill) THEN json_extract(kill, '$.victim.pid', '$.pod.uid', '$.container.name', '$.container.id',
    '$.cgroup.victim', '$.memory.usageKiB', '$.memory.limitKiB', '$.trigger.manual') END AS more`;

function newestFirst<T>(
  db: Database,
  columns: string,
  { limit, beforeRow, ...filter }: KillQuery,
  decode: (row: Row) => T,
): T[] {
  const page = (lastRow: number | undefined) =>
    conditions({ ...filter, ...(lastRow !== undefined && { beforeRow: lastRow }) });
  return readKills(db, { columns, order: 'DESC', page, decode, from: beforeRow, limit });
}

/** As many as are asked for, or all that there are: rows that cannot be read make no page shorter. */
function readKills<T>(
  db: Database,
  question: {
    columns: string;
    order: 'ASC' | 'DESC';
    page: (from: number | undefined) => ReturnType<typeof conditions>;
    decode: (row: Row) => T;
    from: number | undefined;
    limit: number;
  },
): T[] {
  const { columns, order, page, decode, limit } = question;
  const found: T[] = [];
  for (let { from } = question; ; ) {
    const wanted = limit - found.length;
    const { where, values } = page(from);
    const sql = `SELECT ${columns} FROM kills ${where} ORDER BY row ${order} LIMIT ?`;
    const rows = rawRows(db, sql, [...values, wanted]);
    found.push(...decodeRows(db, 'kills', rows, decode));
    if (rows.length < wanted || found.length >= limit) return found;
    from = Number(rows.at(-1)?.row);
  }
}

export function killFromRow(row: Row): JournalledKill {
  return {
    row: numberIn(row.row),
    kill: readKill(textIn(row.kill)),
    recordedMs: numberIn(row.recorded_ms, Number.MIN_SAFE_INTEGER),
    historic: row.historic === 1n,
  };
}

function storedFromRow(row: Row): StoredKill {
  const { recordedMs, historic } = killFromRow(row);
  return {
    row: Number(row.row),
    recorded_ms: recordedMs,
    historic: historic ? 1 : 0,
    kill: textIn(row.kill),
  };
}

function shownFromRow(row: Row): ShownKill {
  const more: unknown[] = JSON.parse(textIn(row.more));
  const [pid, usageKiB, limitKiB] = [more[0], more[5], more[6]].map(shownNumber);
  const [podUid, containerName, containerId, cgroup] = more
    .slice(1, 5)
    .map((text) => optionalTextIn(text));
  return {
    row: numberIn(row.row),
    timeMs: numberIn(row.time_ms, Number.MIN_SAFE_INTEGER),
    pid,
    name: optionalTextIn(row.name),
    scope: optionalTextIn(row.scope),
    namespace: optionalTextIn(row.namespace),
    pod: optionalTextIn(row.pod) ?? podUid,
    container: optionalTextIn(row.container) ?? containerName ?? containerId,
    cgroup,
    workload: optionalTextIn(row.workload),
    usageKiB,
    limitKiB,
    manual: more[7] === 1 || more[7] === true,
  };
}

function shownNumber(value: unknown): number | undefined {
  if (value !== null && !Number.isSafeInteger(value)) throw new Error('no number');
  return (value as number | null) ?? undefined;
}

/** Rows that are kept: the newest `maxRows` of those after `afterRow`. */
export function pruneKills(db: Database, maxRows: number, afterRow: number): void {
  prepared(db, 'DELETE FROM kills WHERE row <= max(?, (SELECT max(row) FROM kills) - ?)').run(
    afterRow,
    maxRows,
  );
}
