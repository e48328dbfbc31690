import { jsonLine } from '@oomwatcher/explain';
import {
  type JournalledKill,
  type KillQuery,
  killPages,
  leftOutOf,
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

/** `oomwatcher history`: the kills of the journal, oldest first; of more than `limit` the newest. */
export async function historyCommand({ stateDir, json, query }: HistoryOptions): Promise<void> {
  const style = styleFor(process.stdout);
  const words = (journalled: JournalledKill) =>
    json ? jsonLine(journalled.kill) : historyLine(journalled, style);
  const leftOut = await readJournal(stateDir, async (db, path) => {
    for (const kills of killPages(db, path, query)) {
      for (const journalled of kills) standardOutput.writeLine(words(journalled));
      // Whoever reads slowly must not hold up the agent, nor have all of them in memory.
      await standardOutput.drained();
      if (standardOutput.closed) break;
    }
    return leftOutOf(db);
  });
  if (leftOut > 0) process.stderr.write(`oomwatcher: ${sentence(leftOut)}\n`);
}

function sentence(leftOut: number): string {
  const rows = leftOut === 1 ? 'one record' : `${leftOut} records`;
  return `${rows} of the journal cannot be read and are left out: check the disk, and keep the file before the agent runs again, which puts a damaged journal aside`;
}
