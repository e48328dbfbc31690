import { setTimeout as sleep } from 'node:timers/promises';
import type { Kill } from '@oomwatcher/oom';
import { accountBegins } from './account-begins.ts';
import { Agent, type AgentOptions } from './agent.ts';
import { recordedKills } from './journal-of.ts';
import { runStorm, type StormOptions, type Truth } from './storm.ts';

export interface Replacement extends AgentOptions {
  stateDir: string;
  /** How the first agent ends, when it has reported so many kills. */
  signal: NodeJS.Signals;
  after: number;
  /** For so long nobody watches. */
  awayMs: number;
}

/** A storm in the middle of which the agent is replaced by another one with its journal. `comm` is a prefix. */
export async function stormWithReplacement(
  { stateDir, signal, after, awayMs, ...options }: Replacement,
  { comm, ...storm }: StormOptions & { comm: string; kills: number },
): Promise<{ truth: Truth; recorded: Kill[]; printed: Kill[] }> {
  const args = ['run', '--json', '--state-dir', stateDir];
  await using first = await Agent.watching(args, options);
  await accountBegins(first.pid);
  const storming = runStorm({ ...storm, comm: `${comm}%g-%i` });
  await first.until(`prints ${after} kills`, () => first.kills(comm).length >= after || undefined);
  await first.stop(signal);
  await sleep(awayMs);
  await using second = await Agent.watching(args, options);
  const truth = await storming;
  // What the first had recorded and not printed yet when it was killed, nobody prints.
  const deadline = Date.now() + 300_000;
  while (recordedKills(stateDir, comm).length < storm.kills && Date.now() < deadline) {
    await sleep(500);
  }
  await sleep(500); // what comes twice comes now
  await second.stop();
  const printed = [...first.kills(comm), ...second.kills(comm)];
  return { truth, recorded: recordedKills(stateDir, comm), printed };
}
