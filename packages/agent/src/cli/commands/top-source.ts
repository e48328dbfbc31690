import type { MemoryAnswer } from '@oomwatcher/dashboard';
import { printable } from '@oomwatcher/explain';
import { readJournal } from '@oomwatcher/journal';
import { FlightRecorder } from '@oomwatcher/watcher';
import { notAllowed, Refusal } from '../../refusal.js';
import { ownerFrom } from '../../runtime/cgroup-owner.js';
import { ToldContainers } from '../../runtime/containers/told-containers.js';
import { countedToday, killsToday } from '../../runtime/kills-today.js';
import { memoryAnswer } from '../../runtime/memory-source.js';

/** Where `top` has its figures from. */
export interface TopSource {
  /** In a word or two, for the head of the table. */
  name: string;
  answer(max: number): Promise<MemoryAnswer>;
  close(): void;
}

export interface TopSourceOptions {
  url: string;
  /** Somebody named it: then no other one will do. */
  isAskedFor: boolean;
  token?: string;
  stateDir: string;
}

const askMs = 2000;

/**
 * The running agent, which has the last ten minutes already; where there is none, or it does not sample, a recorder of our
 * own, which begins now.
 *
 * @throws Refusal when there is neither
 */
export async function openTopSource(options: TopSourceOptions): Promise<TopSource> {
  const ask = (max: number) => askAgent(options, max);
  try {
    const { live, reason } = await ask(1);
    if (live) return { name: `agent at ${options.url}`, answer: ask, close: () => {} };
    if (options.isAskedFor)
      throw new Refusal(`the agent at ${options.url} does not sample: ${reason}`);
  } catch (error) {
    if (options.isAskedFor) throw error;
  }
  const opening = FlightRecorder.open();
  const { recorder } = opening;
  if (recorder === undefined)
    throw notAllowed(`no agent answers at ${options.url}, and ${opening.reason}`);
  const kills = countedToday(() => killsOf(options.stateDir));
  const containers = new ToldContainers();
  const ownerOf = (path: string) => ownerFrom([(kill) => containers.enrich(kill)], path);
  return {
    name: 'own samples',
    answer: async (max) => memoryAnswer(opening, { share: 0, max }, ownerOf, await kills()),
    close: () => recorder.close(),
  };
}

async function askAgent({ url, token }: TopSourceOptions, max: number): Promise<MemoryAnswer> {
  const path = new URL(`/api/v1/memory?share=0&limit=${max}`, url);
  let response: Response;
  try {
    response = await fetch(path, {
      signal: AbortSignal.timeout(askMs),
      ...(token !== undefined && { headers: { Authorization: `Bearer ${token}` } }),
    });
  } catch (error) {
    const { cause = error } = error as { cause?: unknown };
    throw new Refusal(`no agent answers at ${url}: ${printable((cause as Error).message)}`);
  }
  const answer = (await response.json().catch(() => undefined)) as MemoryAnswer | undefined;
  if (response.ok && answer?.schema === 'oomwatcher.memory/v1') return answer;
  const remedy =
    response.status === 401 ? 'give the token with --token-file' : 'it is no agent of this version';
  throw new Refusal(`${url} answers ${response.status} to /api/v1/memory: ${remedy}`);
}

/** undefined: there is no journal that may be read, and nobody knows. */
async function killsOf(stateDir: string): Promise<ReadonlyMap<string, number> | undefined> {
  try {
    return await readJournal(stateDir, (db) => killsToday(db));
  } catch {
    return undefined;
  }
}
