import { faultOfPages } from './database-file.js';
import type { Filter } from './kill-query.js';
import { findKills, type JournalledKill, killsAfter, killsBetween } from './kill-rows.js';
import { lastRow } from './rows-around.js';
import type { Database } from './sqlite.js';
import { troubleOf } from './trouble.js';

/** Kills read at a time. */
const pageKills = 500;

/** No journal has more: the oldest are forgotten. */
const maxRows = 100_000;

/**
 * The kills of a journal in pages, oldest first; of more than `limit` the newest. Of one with damaged pages each row is
 * asked for by itself, for a scan ends at the first of them, with an error or without. What cannot be read is counted
 * (`leftOutOf`).
 */
export function* killPages(
  db: Database,
  path: string,
  { limit, ...filter }: Filter & { limit?: number },
): Generator<JournalledKill[]> {
  let given = 0;
  let row = 0;
  try {
    if (faultOfPages(db, path) === undefined) {
      if (limit !== undefined) row = beforeNewest(db, filter, limit);
      for (;;) {
        const kills = killsAfter(db, row, pageKills, filter);
        if (kills.length > 0) yield kills;
        given += kills.length;
        row = kills.at(-1)?.row ?? row;
        if (kills.length < pageKills) return;
      }
    }
  } catch (error) {
    if (troubleOf(error, path)?.kind !== 'corrupt') throw error;
  }
  yield* readableKills(db, row, filter, limit === undefined ? undefined : limit - given);
}

/** The row behind which the newest `count` begin that can be read; 0: there are not more. */
function beforeNewest(db: Database, filter: Filter, count: number): number {
  let beforeRow: number | undefined;
  for (let left = count; left > 0; left -= pageKills) {
    const limit = Math.min(left, pageKills);
    const kills = findKills(db, {
      ...filter,
      limit,
      ...(beforeRow !== undefined && { beforeRow }),
    });
    if (kills.length < limit) return 0;
    beforeRow = kills.at(-1)?.row;
  }
  return (beforeRow ?? 1) - 1;
}

/** Row by row, after this one. */
function* readableKills(
  db: Database,
  after: number,
  filter: Filter,
  limit: number | undefined,
): Generator<JournalledKill[]> {
  const last = lastRow(db);
  let newest: JournalledKill[] = [];
  for (let first = Math.max(after, last - maxRows) + 1; first <= last; first += pageKills) {
    const kills = killsBetween(db, first, Math.min(last, first + pageKills - 1), filter);
    // Which are the newest is known at the end.
    if (limit === undefined) yield kills;
    else newest = [...newest, ...kills].slice(-limit);
  }
  yield newest;
}
