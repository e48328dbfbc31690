import { idsOf, type Kill, killId } from '@oomwatcher/oom';
import { insertKill, type JournalledKill, killById, killFromRow, updateKill } from './kill-rows.js';
import { readRows } from './read-rows.js';
import { type Database, prepared } from './sqlite.js';

/** A line is printed right after its kill; how far the clock of the log is from the others it may have to be seen. */
const sameTimeMs = 600_000;

/** Adds the kills that are not there; those that are there may be completed by another telling. */
export function recordKills(
  db: Database,
  kills: readonly Kill[],
  nowMs: number,
  historic: (kill: Kill) => boolean,
): { added: JournalledKill[]; completed: JournalledKill[] } {
  const added: JournalledKill[] = [];
  const completed: JournalledKill[] = [];
  for (const kill of kills) {
    const known = knownKill(db, kill);
    if (known !== undefined) {
      const more = completedBy(known.kill, kill);
      if (more !== undefined) completed.push(putKill(db, { ...known, kill: more }));
      continue;
    }
    const journalled = insertKill(db, kill, nowMs, historic(kill));
    if (journalled === undefined) continue;
    noteIds(db, journalled);
    added.push(journalled);
  }
  return { added, completed };
}

/**
 * The kill as the journal has it already, under whatever id. An agent that has the kernel's word of a kill and one that
 * has only its line may have told the same: from one to the other a kill changes hands by its process and its time.
 */
function knownKill(db: Database, kill: Kill): JournalledKill | undefined {
  for (const id of idsOf(kill)) {
    const known = killById(db, id);
    if (known !== undefined) return known;
  }
  const { bootId, victim, seq } = kill;
  if (bootId === undefined || victim === undefined) return undefined;
  if (seq !== undefined && victim.startTicks === undefined) return toldWithoutLine(db, kill);
  return seq === undefined && victim.startTicks !== undefined ? toldByLine(db, kill) : undefined;
}

/** Puts in what is different now. */
export function putKill(db: Database, journalled: JournalledKill): JournalledKill {
  updateKill(db, journalled);
  noteIds(db, journalled);
  return journalled;
}

/** The ids by which the kill may be looked for; its own is in its row. */
function noteIds(db: Database, { row, kill }: JournalledKill): void {
  const [, alias] = idsOf(kill);
  if (alias === undefined) return;
  prepared(db, 'INSERT OR IGNORE INTO kill_aliases (row, id) VALUES (?, ?)').run(row, alias);
}

/** What the other telling knows more; undefined: nothing. */
function completedBy(known: Kill, kill: Kill): Kill | undefined {
  const hasLine = known.seq === undefined && kill.seq !== undefined;
  const hasProcess =
    known.victim?.startTicks === undefined && kill.victim?.startTicks !== undefined;
  if (!hasLine && !hasProcess) return undefined;
  const { missing, ...completed } = { ...kill, ...known } as Kill;
  for (const name of ['victim', 'cgroup', 'pod'] as const) {
    if (kill[name] === undefined) continue;
    Object.assign(completed, { [name]: { ...kill[name], ...known[name] } });
  }
  if (hasLine && kill.time !== undefined) completed.time = kill.time;
  completed.complete = known.complete || kill.complete;
  return completed.complete || missing === undefined ? completed : { ...completed, missing };
}

export function pruneAliases(db: Database): void {
  prepared(
    db,
    'DELETE FROM kill_aliases WHERE row < coalesce((SELECT min(row) FROM kills), 9223372036854775807)',
  ).run();
}

/**
 * Told without a line, and so under the id of its process. By the index of the ids: of a boot's kills few are, and every
 * kill that is recorded asks.
 */
function toldWithoutLine(db: Database, kill: Kill): JournalledKill | undefined {
  const sql = `SELECT row, recorded_ms, historic, kill FROM kills
    WHERE id > ? AND id < ? AND name = ? ORDER BY row`;
  const [from, to] = [killId(kill.bootId as string, 'p'), killId(kill.bootId as string, 'q')];
  return firstSame(db, kill, sql, [from, to, kill.victim?.name as string]);
}

function toldByLine(db: Database, kill: Kill): JournalledKill | undefined {
  const sql = `SELECT row, recorded_ms, historic, kill FROM kills
    WHERE time_ms BETWEEN ? AND ? AND boot_id = ? AND name = ? ORDER BY row`;
  const ms = Date.parse(kill.time as string);
  const from = Number.isNaN(ms) ? 0 : ms - sameTimeMs;
  const to = Number.isNaN(ms) ? Number.MAX_SAFE_INTEGER : ms + sameTimeMs;
  return firstSame(db, kill, sql, [from, to, kill.bootId as string, kill.victim?.name as string]);
}

function firstSame(
  db: Database,
  kill: Kill,
  sql: string,
  values: (string | number)[],
): JournalledKill | undefined {
  return readRows(db, sql, values, killFromRow).find((known) => isSame(known.kill, kill));
}

/** One of them has the kernel's word, the other the line. */
function isSame(one: Kill, other: Kill): boolean {
  const { victim: mine, time: myTime } = one;
  const { victim: its, time: itsTime } = other;
  if (mine === undefined || its === undefined) return false;
  if (one.seq !== undefined && other.seq !== undefined) return false;
  if (mine.startTicks !== undefined && its.startTicks !== undefined) return false;
  const isNear =
    myTime === undefined ||
    itsTime === undefined ||
    Math.abs(Date.parse(myTime) - Date.parse(itsTime)) <= sameTimeMs;
  return (
    isNear &&
    (mine.tid ?? mine.pid) === (its.tid ?? its.pid) &&
    mine.name === its.name &&
    isEqualOrUnknown(mine.uid, its.uid) &&
    isEqualOrUnknown(mine.totalVmKiB, its.totalVmKiB)
  );
}

function isEqualOrUnknown(one: number | undefined, other: number | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}
