import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kill } from '@oomwatcher/oom';
import { command } from './paths.ts';

export interface Account {
  kernelKills: number;
  kills: number;
  beforeFirstWatch?: number;
  whileAway: number;
  unaccounted?: number;
}

/** The journal's kills of processes whose name begins with `prefix`, as `history` prints them. */
export function recordedKills(stateDir: string, prefix: string): Kill[] {
  return ask('history', '--json', '--state-dir', stateDir)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Kill)
    .filter(({ victim }) => victim?.name.startsWith(prefix));
}

/** The account once it closes, or as it is after a while. */
export async function accountOf(stateDir: string): Promise<Account> {
  for (let attempt = 0; ; attempt++) {
    const account: Account = JSON.parse(ask('account', '--json', '--state-dir', stateDir));
    if (account.unaccounted === 0 || attempt === 60) return account;
    await sleep(500);
  }
}

export const pidsOf = (kills: readonly Kill[]) => kills.map(({ victim }) => victim?.pid);

/** An account that does not close fails, and is one all the same. */
function ask(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0 && stdout === '') throw new Error(`oomwatcher ${args.join(' ')}: ${stderr}`);
  return stdout;
}
