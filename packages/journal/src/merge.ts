import { accountedFor } from './account.js';
import { type BootRecord, bootFromRow, hasCursor, readBoot, restoreBoot } from './boots.js';
import { insertReport, reportFromRow } from './kill-reports.js';
import { insertKill, type JournalledKill, killsAfter } from './kill-rows.js';
import { insertRunUpText, runUpText } from './kill-run-ups.js';
import { livedOf, passTime } from './lived-time.js';
import { readRows } from './read-rows.js';
import type { Database } from './sqlite.js';

const rowsAtOnce = 500;

/**
 * Adds to the disk's journal what was recorded in memory while it could not be read. Memory began with nothing, and so
 * with all that the kernel's log held: what the disk has by then is left as it is, what came later gets rows behind it.
 * Sinks go on from where the disk says that they are. One transaction of the caller.
 */
export function mergeInto(disk: Database, memory: Database, options: { keepMs: number }): void {
  const boots = readRows(memory, 'SELECT * FROM boots ORDER BY rowid', [], bootFromRow);
  const before = new Map(boots.map(({ bootId }) => [bootId, readBoot(disk, bootId)]));
  // Memory took for history what was in the log; the disk knows that the node was watched before.
  const wasWatched = hasCursor(disk);
  const added = new Map<string, number>();
  const held = new Map<string, number>();
  for (let row = 0; ; ) {
    const kills = killsAfter(memory, row, rowsAtOnce);
    for (const journalled of kills) {
      const { kill, recordedMs, historic } = journalled;
      count(held, kill.bootId);
      if (isOld(journalled, before)) continue;
      const inserted = insertKill(disk, kill, recordedMs, historic && !wasWatched);
      if (inserted === undefined) continue;
      count(added, kill.bootId);
      const [report] = readRows(
        memory,
        'SELECT report, row FROM kill_reports WHERE row = ?',
        [journalled.row],
        reportFromRow,
      );
      if (report !== undefined) insertReport(disk, inserted.row, report);
      const runUp = runUpText(memory, journalled.row);
      if (runUp !== undefined) insertRunUpText(disk, inserted.row, runUp);
    }
    const last = kills.at(-1);
    if (last === undefined || kills.length < rowsAtOnce) break;
    row = last.row;
  }
  for (const boot of boots) {
    const { bootId } = boot;
    const newKills = added.get(bootId) ?? 0;
    const pruned = boot.kills - (held.get(bootId) ?? 0);
    restoreBoot(disk, joined(before.get(bootId), boot, newKills, pruned), Date.now());
  }
  passTime(disk, livedOf(memory), options.keepMs);
}

/** Whether the disk's journal had it, though its row may be gone: everything up to its cursor was recorded. */
function isOld(
  { kill: { bootId, seq } }: JournalledKill,
  boots: ReadonlyMap<string, BootRecord | undefined>,
): boolean {
  const through = bootId === undefined ? undefined : boots.get(bootId)?.seq;
  return through !== undefined && seq !== undefined && BigInt(seq) <= through;
}

/**
 * Both are accounts of the same boot: the disk's up to its cursor, and memory's of all that the log held. What both may
 * have counted is settled by the kernel's own count where memory has compared itself with that.
 */
function joined(
  disk: BootRecord | undefined,
  memory: BootRecord,
  newKills: number,
  pruned: number,
): BootRecord {
  if (disk === undefined) return memory;
  const total = memory.beforeFirstWatch === undefined ? undefined : accountedFor(memory);
  const least = {
    kills: disk.kills + newKills,
    repeats: Math.max(disk.repeats, memory.repeats),
    whileAway: disk.whileAway,
  };
  const known = { beforeFirstWatch: disk.beforeFirstWatch ?? 0 };
  // What the kernel counts beyond it: kills whose rows memory forgot, repeats, and at last what nobody saw.
  let rest = Math.max(0, (total ?? 0) - accountedFor({ ...disk, ...least, ...known }));
  const take = (most: number) => {
    const taken = Math.max(0, Math.min(rest, most));
    rest -= taken;
    return taken;
  };
  const kills = least.kills + take(pruned);
  const repeats = least.repeats + take(Math.min(disk.repeats, memory.repeats));
  const isFirst = disk.beforeFirstWatch === undefined;
  const beforeFirstWatch = isFirst && total === undefined ? undefined : known.beforeFirstWatch;
  return {
    ...memory,
    kills,
    repeats,
    ...(beforeFirstWatch !== undefined && {
      beforeFirstWatch: beforeFirstWatch + (isFirst ? rest : 0),
    }),
    whileAway: least.whileAway + (isFirst ? 0 : rest),
    forged: Math.max(disk.forged, memory.forged),
    lost: disk.lost + (memory.lostThrough > disk.lostThrough ? memory.lost : 0),
    lostThrough: memory.lostThrough > disk.lostThrough ? memory.lostThrough : disk.lostThrough,
    ...(disk.seq !== undefined && (memory.seq ?? -1n) < disk.seq && { seq: disk.seq }),
  };
}

function count(counts: Map<string, number>, bootId: string | undefined): void {
  if (bootId !== undefined) counts.set(bootId, (counts.get(bootId) ?? 0) + 1);
}
