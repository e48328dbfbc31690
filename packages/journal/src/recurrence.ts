import { timeMsOf, type Workload, workloadKey, workloadOf } from '@oomwatcher/oom';
import type { JournalledKill } from './kill-rows.js';
import { numberIn, readRows } from './read-rows.js';
import { versionOf, withWorkloads } from './schema.js';
import { type Database, prepared } from './sqlite.js';

/** How often a workload is killed, as it was at one of its kills. Processes that were killed together are one kill. */
export interface Recurrence {
  workload: Workload;
  /** Which one of its day it is, from 1; the day is that of this machine's clock and zone. */
  nth: number;
  /** Whether that day is not over. */
  isToday: boolean;
  /** There may be more than are counted: of its day, and of the day before. */
  atLeast?: true;
  yesterdayAtLeast?: true;
  /** The mean time between those of the day, milliseconds. Absent: it is the first. */
  everyMs?: number;
  /** How many on the day before; absent: the journal was not there. */
  yesterday?: number;
}

/** Kills of a day that are counted; an answer must not cost more because a node has a bad one. */
const maxCounted = 1_000;

/** Without a row it is the last one of its millisecond. */
type Recurring = Pick<JournalledKill, 'kill' | 'recordedMs'> & { row?: number };

/** undefined: nothing is known of where it ran, or who it was. */
export function recurrenceOf(
  db: Database,
  { kill, recordedMs, row = Number.MAX_SAFE_INTEGER }: Recurring,
  nowMs = Date.now(),
): Recurrence | undefined {
  const workload = workloadOf(kill);
  // Beside an agent of before, which has not brought its journal up to now.
  if (workload === undefined || versionOf(db) < withWorkloads) return undefined;
  const key = workloadKey(workload);
  const timeMs = timeMsOf(kill, recordedMs);
  const [dayBefore, today] = [dayStart(timeMs, -1), dayStart(timeMs, 0)];
  const day = countIn(db, key, today, timeMs, row);
  const before = countIn(db, key, dayBefore, today, 0);
  const nth = Math.max(1, day.kills);
  return {
    workload,
    nth,
    isToday: dayStart(nowMs, 0) === today,
    ...(day.isFull && { atLeast: true as const }),
    ...(nth > 1 && { everyMs: Math.round((timeMs - (day.firstMs ?? timeMs)) / (nth - 1)) }),
    ...((before.kills > 0 || wasThere(db, dayBefore)) && { yesterday: before.kills }),
    ...(before.isFull && { yesterdayAtLeast: true as const }),
  };
}

/** Of the names under which workloads are counted those that a person may mean: all of it, or its end. */
export function workloadsNamed(db: Database, words: string): string[] {
  // A scan that goes from one name to the next: as many steps as there are workloads, not kills.
  const sql = `WITH RECURSIVE names(workload) AS (
      SELECT min(workload) FROM kills
      UNION ALL
      SELECT (SELECT min(workload) FROM kills WHERE workload > names.workload) FROM names
        WHERE names.workload IS NOT NULL)
    SELECT workload FROM names WHERE workload IS NOT NULL`;
  if (versionOf(db) < withWorkloads) return [];
  const asked = words.toLowerCase();
  return prepared(db, sql)
    .all()
    .map(({ workload }) => String(workload))
    .filter((key) => {
      const [kind = ''] = key.split(' ', 1);
      const name = key.slice(kind.length + 1).toLowerCase();
      const bare = kind === 'cgroup' ? name : name.slice(name.indexOf('/') + 1);
      return [`${kind} ${name}`, `${kind}/${bare}`, name, bare].includes(asked);
    });
}

/** From one time on up to this row of another. */
function countIn(db: Database, key: string, fromMs: number, toMs: number, row: number) {
  const sql = `SELECT count(DISTINCT incident) AS kills, min(time_ms) AS first, count(*) AS n
    FROM (SELECT incident, time_ms FROM kills INDEXED BY kills_workload
      WHERE workload = ? AND time_ms >= ? AND time_ms <= ? AND (time_ms < ? OR row <= ?) ORDER BY time_ms DESC LIMIT ${maxCounted})`;
  const [found] = readRows(db, sql, [key, fromMs, toMs, toMs, row], ({ kills, first, n }) => ({
    kills: numberIn(kills),
    firstMs: first === null ? undefined : numberIn(first, Number.MIN_SAFE_INTEGER),
    isFull: numberIn(n) >= maxCounted,
  }));
  return found ?? { kills: 0, firstMs: undefined, isFull: false };
}

function wasThere(db: Database, ms: number): boolean {
  const sql = 'SELECT 1 FROM boots WHERE begun_ms <= ? LIMIT 1';
  return prepared(db, sql).get(ms) !== undefined;
}

/** Midnight here, so many days from that of `ms`: no day has always 24 hours. */
function dayStart(ms: number, days: number): number {
  const date = new Date(ms);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime();
}
