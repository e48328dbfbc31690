import { explain, jsonLine, printable, shownLines, type Words } from '@oomwatcher/explain';
import {
  type Database,
  type JournalledKill,
  killById,
  killsBetween,
  readJournal,
  recurrenceOf,
  reportOf,
  runUpOf,
} from '@oomwatcher/journal';
import { standardOutput } from '../../output/standard-output.js';
import { styleFor } from '../../output/style.js';
import { Refusal } from '../../refusal.js';

export interface HistoryKillOptions {
  stateDir: string;
  json: boolean;
  /** The kill's own, or the short one of the list: its row. */
  id: string;
  /** In which it is explained; default English. */
  words?: Words;
}

/** `oomwatcher history ID`: one kill of the journal, explained as `parse` explains it. */
export async function historyKillCommand({
  stateDir,
  json,
  id,
  words,
}: HistoryKillOptions): Promise<void> {
  const found = await readJournal(stateDir, (db) => {
    const called = killCalled(db, id);
    if (called === undefined) return undefined;
    const runUp = runUpOf(db, called.kill);
    const kill = runUp === undefined ? called.kill : { ...called.kill, runUp };
    return { kill, recurrence: recurrenceOf(db, called) };
  });
  if (found === undefined) throw unknown(stateDir, id);
  const { kill, recurrence } = found;
  standardOutput.writeLine(
    json ? jsonLine(kill) : explain(kill, styleFor(process.stdout), recurrence, words),
  );
}

/** `oomwatcher history --report`: the lines of the log that a kill was read from, in a form that `parse` reads again. */
export async function historyReportCommand({
  stateDir,
  json,
  id,
}: HistoryKillOptions): Promise<void> {
  const found = await readJournal(stateDir, (db) => {
    const called = killCalled(db, id);
    return called && { kill: called.kill, report: reportOf(db, called.kill) };
  });
  if (found === undefined) throw unknown(stateDir, id);
  const { kill, report } = found;
  if (report === undefined) {
    throw new Refusal(
      `the lines of ${id} are not kept: the journal has those of the newest kills, and of a kill that only a counter reported there are none`,
    );
  }
  if (json) {
    standardOutput.writeLine(jsonLine({ schema: 'oomwatcher.report/v1', id: kill.id, ...report }));
    return;
  }
  for (const line of shownLines(report)) standardOutput.writeLine(printable(line));
}

function killCalled(db: Database, id: string): JournalledKill | undefined {
  const row = Number(id);
  return /^\d{1,15}$/.test(id) ? killsBetween(db, row, row)[0] : killById(db, id);
}

function unknown(stateDir: string, id: string): Refusal {
  return new Refusal(`no kill in ${stateDir} has the id ${id}: oomwatcher history lists the ids`);
}
