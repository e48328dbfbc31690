import { jsonLine } from '@oomwatcher/explain';
import {
  type JournalledKill,
  type KillQuery,
  killsAfter,
  nthNewestRow,
  readJournal,
} from '@oomwatcher/journal';
import { historyLine } from '../../output/history-line.js';
import { standardOutput } from '../../output/standard-output.js';
import { styleFor } from '../../output/style.js';

export interface HistoryOptions {
  stateDir: string;
  json: boolean;
  /** Which kills; without `limit` all of them. */
  query: Omit<KillQuery, 'limit' | 'beforeRow'> & { limit?: number };
}

/** Kills read at a time: whoever reads slowly must not hold up the agent, nor all of them be in memory. */
const pageKills = 500;

/** `oomwatcher history`: the kills of the journal, oldest first; of more than `limit` the newest. */
export async function historyCommand({ stateDir, json, query }: HistoryOptions): Promise<void> {
  const { limit, ...which } = query;
  const style = styleFor(process.stdout);
  const words = (journalled: JournalledKill) =>
    json ? jsonLine(journalled.kill) : historyLine(journalled, style);
  await readJournal(stateDir, async (db) => {
    let row = limit === undefined ? 0 : nthNewestRow(db, which, limit) - 1;
    for (;;) {
      const kills = killsAfter(db, row, pageKills, which);
      for (const journalled of kills) standardOutput.writeLine(words(journalled));
      await standardOutput.drained();
      const last = kills.at(-1);
      if (last === undefined || kills.length < pageKills || standardOutput.closed) return;
      row = last.row;
    }
  });
}
