import { csvHeader, csvLine } from '@oomwatcher/dashboard';
import { jsonLine, printable, recurrenceWords, type Words } from '@oomwatcher/explain';
import {
  type JournalledKill,
  type KillQuery,
  killPages,
  leftOutOf,
  readJournal,
  recurrenceOf,
  workloadsNamed,
} from '@oomwatcher/journal';
import { workloadKey, workloadOf } from '@oomwatcher/oom';
import { HistoryTable } from '../../output/history-table.js';
import { standardOutput } from '../../output/standard-output.js';
import { styleFor } from '../../output/style.js';
import { outputWidth } from '../../output/terminal-size.js';

export interface HistoryOptions {
  stateDir: string;
  form: 'table' | 'json' | 'csv';
  /** Which kills; without `limit` all of them. */
  query: Omit<KillQuery, 'limit' | 'beforeRow' | 'workloads'> & { limit?: number };
  /** Only of this workload: its name, with its namespace or kind where it is not the only one. */
  workload?: string;
  /** In which it is said how often; default English. */
  words?: Words;
}

/** Workloads of which it is said at the end how often they are killed. */
const maxSummed = 3;

/** `oomwatcher history`: the kills of the journal, oldest first; of more than `limit` the newest. */
export async function historyCommand(options: HistoryOptions): Promise<void> {
  const { stateDir, form, query, workload } = options;
  const newest = new Map<string, JournalledKill>();
  const { leftOut, given, often } = await readJournal(stateDir, async (db, path) => {
    let line: ((kill: JournalledKill) => string) | undefined;
    let given = 0;
    const workloads = workload === undefined ? {} : { workloads: workloadsNamed(db, workload) };
    for (const kills of killPages(db, path, { ...query, ...workloads })) {
      if (kills.length === 0) continue;
      line ??= begun(form, kills);
      for (const journalled of kills) {
        standardOutput.writeLine(line(journalled));
        noteNewest(newest, journalled);
      }
      given += kills.length;
      // Whoever reads slowly must not hold up the agent, nor have all of them in memory.
      await standardOutput.drained();
      if (standardOutput.closed) break;
    }
    const often = [...newest.values()].flatMap((kill) => recurrenceOf(db, kill) ?? []);
    return { leftOut: leftOutOf(db), given, often };
  });
  if (form === 'table') {
    for (const counts of often) standardOutput.writeRemark(recurrenceWords(counts, options.words));
  }
  if (given === 0) say(`no kill ${asked(options)}is in the journal of ${stateDir}`);
  if (leftOut > 0) say(sentence(leftOut));
}

/** The newest kill of each of the workloads that were killed last. */
function noteNewest(newest: Map<string, JournalledKill>, journalled: JournalledKill): void {
  const workload = workloadOf(journalled.kill);
  if (workload === undefined) return;
  const key = workloadKey(workload);
  newest.delete(key);
  newest.set(key, journalled);
  const [oldest] = newest.keys();
  if (newest.size > maxSummed && oldest !== undefined) newest.delete(oldest);
}

/** Writes what comes before the first kill, and gives what makes a kill a line. */
function begun(form: HistoryOptions['form'], first: readonly JournalledKill[]) {
  if (form === 'json') return ({ kill }: JournalledKill) => jsonLine(kill);
  if (form === 'csv') {
    standardOutput.writeLine(csvHeader);
    return csvLine;
  }
  const table = new HistoryTable(first, outputWidth(), styleFor(process.stdout));
  standardOutput.writeLine(table.header);
  return (kill: JournalledKill) => table.line(kill);
}

/** `of pod shop/web since … `: an empty answer to a mistyped name must not look like good news. */
function asked({ query, workload }: HistoryOptions): string {
  const { namespace, pod, container, sinceMs, untilMs } = query;
  const parts: string[] = [];
  if (workload !== undefined) parts.push(`of workload ${workload}`);
  if (pod !== undefined)
    parts.push(`of pod ${namespace === undefined ? '' : `${namespace}/`}${pod}`);
  if (container !== undefined) parts.push(`of container ${container}`);
  if (sinceMs !== undefined) parts.push(`since ${new Date(sinceMs).toISOString()}`);
  if (untilMs !== undefined) parts.push(`before ${new Date(untilMs).toISOString()}`);
  return parts.map((part) => `${part} `).join('');
}

function say(words: string): void {
  standardOutput.writeRemark(`oomwatcher: ${printable(words)}`);
}

function sentence(leftOut: number): string {
  const rows = leftOut === 1 ? 'one record' : `${leftOut} records`;
  return `${rows} of the journal cannot be read and are left out: check the disk, and keep the file before the agent runs again, which puts a damaged journal aside`;
}
