import { jsonLine, printable, shownLines } from '@oomwatcher/explain';
import { killById, readJournal, reportOf } from '@oomwatcher/journal';
import { standardOutput } from '../../output/standard-output.js';
import { Refusal } from '../../refusal.js';

export interface HistoryReportOptions {
  stateDir: string;
  json: boolean;
  /** The kill's. */
  id: string;
}

/** `oomwatcher history --report`: the lines of the log that a kill was read from, in a form that `parse` reads again. */
export async function historyReportCommand({
  stateDir,
  json,
  id,
}: HistoryReportOptions): Promise<void> {
  const kill = await readJournal(stateDir, (db) => {
    const found = killById(db, id);
    return found === undefined ? undefined : { report: reportOf(db, found.kill) };
  });
  if (kill === undefined) {
    throw new Refusal(
      `no kill in ${stateDir} has the id ${id}: oomwatcher history --json lists the ids`,
    );
  }
  const { report } = kill;
  if (report === undefined) {
    throw new Refusal(
      `the lines of ${id} are not kept: the journal has those of the newest kills, and of a kill that only a counter reported there are none`,
    );
  }
  if (json) {
    standardOutput.writeLine(jsonLine({ schema: 'oomwatcher.report/v1', id, ...report }));
    return;
  }
  for (const line of shownLines(report)) standardOutput.writeLine(printable(line));
}
