import { killIndex } from '@oomwatcher/dashboard';
import type { Database, Journal } from '@oomwatcher/journal';
import {
  findRecords,
  findShown,
  type KillQuery,
  recurrenceOf,
  type StoredKill,
  workloadsNamed,
} from '@oomwatcher/journal';
import type { Scope } from '@oomwatcher/oom';
import { type Answer, json, problem, storedJson } from './answer.js';

const maxInPage = 200;
const maxInIndex = 1000;

/** A page ends before it gets longer, so that what waits for slow readers is bounded. */
const pageBytes = 512 * 1024;

const texts = ['namespace', 'pod', 'container', 'name', 'scope'] as const;
const numbers = ['since', 'until', 'before', 'limit'] as const;

/** What the parameters ask for: `GET /api/v1/kills` and `GET /api/v1/index` take the same. */
export const parameterNames = ['workload', ...texts, ...numbers];

/** A workload by the name that a person has for it: the journal knows which it means. */
type AskedQuery = Omit<KillQuery, 'workloads'> & { workload?: string };

/** `GET /api/v1/kills`: whole kills, newest first. */
export function killPage(journal: Journal, parameters: URLSearchParams): Answer {
  const query = queryOf(parameters, maxInPage);
  if (typeof query === 'string') return problem(400, query);
  const found = read(journal, query, findRecords);
  const kills: string[] = [];
  let bytes = 0;
  for (const kill of found) {
    bytes += kill.kill.length;
    if (kills.length > 0 && bytes > pageBytes) break;
    kills.push(record(kill));
  }
  const isLast = kills.length === found.length && !isFull(found, query);
  const next = isLast ? '' : `,"next":${found[kills.length - 1]?.row}`;
  return storedJson(`{"kills":[${kills}]${next}}`);
}

/** A JournalledKill, of a record that is not read: a page of them is asked for by whoever wants many. */
function record({ row, recorded_ms, historic, kill }: StoredKill): string {
  return `{"row":${row},"kill":${kill},"recordedMs":${recorded_ms},"historic":${historic === 1}}`;
}

/** `GET /api/v1/index`: the same as columns, for a page that shows them all. */
export function indexPage(journal: Journal, parameters: URLSearchParams): Answer {
  const query = queryOf(parameters, maxInIndex);
  if (typeof query === 'string') return problem(400, query);
  const found = read(journal, query, findShown);
  return json(killIndex(found, isFull(found, query) ? found.at(-1)?.row : undefined));
}

function read<T>(
  { store }: Journal,
  { workload: words, ...query }: AskedQuery,
  find: (db: Database, query: KillQuery) => T,
): T {
  return store.read((db) =>
    find(db, { ...query, ...(words !== undefined && { workloads: workloadsNamed(db, words) }) }),
  );
}

/** `GET /api/v1/kills/ROW`: one kill, with the minutes before it and the lines of the log that it was read from. */
export function oneKill(journal: Journal, row: number): Answer {
  const found = Number.isSafeInteger(row) ? journal.after(row - 1, 1)[0] : undefined;
  if (found?.row !== row) return problem(404, `kill ${row} is not in the journal (any more)`);
  const runUp = journal.runUp(found.kill);
  return json({
    ...found,
    kill: { ...found.kill, runUp },
    report: journal.report(found.kill),
    recurrence: journal.store.read((db) => recurrenceOf(db, found)),
  });
}

function isFull(found: readonly unknown[], { limit }: AskedQuery): boolean {
  return found.length === limit;
}

/** A sentence when the parameters make no question. */
function queryOf(parameters: URLSearchParams, max: number): AskedQuery | string {
  const query: AskedQuery = { limit: max };
  for (const [name, value] of parameters) {
    if (name === 'workload') {
      query.workload = value;
      continue;
    }
    if ((texts as readonly string[]).includes(name)) {
      Object.assign(query, { [name]: value as Scope });
      continue;
    }
    const number = Number(value);
    if (!(numbers as readonly string[]).includes(name)) {
      return `there is no parameter ${name}: use ${parameterNames.join(', ')}`;
    }
    if (!/^\d{1,15}$/.test(value)) return `${name} must be a whole number`;
    if (name === 'since') query.sinceMs = number;
    if (name === 'until') query.untilMs = number;
    if (name === 'before') query.beforeRow = number;
    if (name === 'limit') query.limit = Math.min(Math.max(number, 1), max);
  }
  return query;
}
