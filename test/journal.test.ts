import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kill } from '@oomwatcher/oom';
import { expect, it } from 'vitest';
import { Agent } from './support/agent.ts';
import { newestSeq, writeKernelLog } from './support/kernel-log.ts';
import { builtAgent, needs, oomKills } from './support/needs.ts';
import { command } from './support/paths.ts';
import { killOne, runStorm, type StormChild } from './support/storm.ts';
import { temporaryFolder } from './support/temporary.ts';

interface Account {
  kernelKills: number;
  kills: number;
  beforeFirstWatch?: number;
  whileAway: number;
  unaccounted?: number;
}

const run = (stateDir: string) => ['run', '--json', '--state-dir', stateDir];

function ask(...args: string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
}

/** The journal's kills of processes whose name begins with `prefix`. */
function recorded(stateDir: string, prefix: string): Kill[] {
  return ask('history', '--json', '--state-dir', stateDir)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Kill)
    .filter(({ victim }) => victim?.name.startsWith(prefix));
}

/** The account once it closes, or as it is after a while. */
async function accountOf(stateDir: string): Promise<Account> {
  for (let attempt = 0; ; attempt++) {
    const account: Account = JSON.parse(ask('account', '--json', '--state-dir', stateDir));
    if (account.unaccounted === 0 || attempt === 5) return account;
    await sleep(500);
  }
}

const pids = (kills: Kill[]) => kills.map(({ victim }) => victim?.pid);

needs(builtAgent, oomKills).describe('the journal of a node that kills', () => {
  it('has every kill once though the agent is killed twenty times in a storm, and closes', async () => {
    using state = temporaryFolder();
    // Of this run alone: the log still holds the kills of an earlier one.
    const prefix = `k${process.pid % 10000}-`;
    await using first = await Agent.watching(run(state.path));
    const before = await accountOf(state.path);
    expect(before.unaccounted).toBe(0);
    await first.stop('SIGKILL');

    const killed: StormChild[] = [];
    let storming = true;
    const storm = (async () => {
      for (let round = 0; storming; round++) {
        const { children } = await runStorm({
          kills: 30,
          cgroups: 6,
          parallel: 4,
          comm: `${prefix}${round}-%i`,
        });
        killed.push(...children);
      }
    })();
    const told: Kill[] = [];
    try {
      for (let death = 0; death < 20; death++) {
        const agent = new Agent(run(state.path));
        // Every fourth dies somewhere in its start; were it all of them, the log would run over unread.
        if (death % 4 !== 3) await agent.until('watches', () => agent.notices('watching')[0]);
        await sleep(Math.random() * 600);
        await agent.stop('SIGKILL');
        told.push(...agent.kills(prefix));
      }
    } finally {
      storming = false;
      await storm;
    }
    await using last = await Agent.watching(run(state.path));
    const account = await accountOf(state.path);
    await last.stop();
    told.push(...last.kills(prefix));

    expect(last.notices('loss'), 'the log ran over unread, which is another test').toEqual([]);
    expect(killed.length, 'the storm went on all the while').toBeGreaterThan(50);
    expect(pids(recorded(state.path, prefix)).sort()).toEqual(killed.map(({ pid }) => pid).sort());
    expect(new Set(pids(told)).size, 'none is told twice').toBe(told.length);
    expect(account).toMatchObject({ unaccounted: 0, whileAway: before.whileAway });
    expect(account.kernelKills - before.kernelKills).toBe(killed.length);
  }, 240_000);

  it('tells a kill that came between two runs once, with its kernel time', async () => {
    using state = temporaryFolder();
    await using first = await Agent.watching(run(state.path));
    expect(await first.stop()).toEqual({ code: 0, signal: null });
    const startMs = Date.now();
    const { pid } = await killOne({ comm: 'between' });
    const endMs = Date.now();
    await sleep(500);
    await using second = await Agent.watching(run(state.path));
    const kill = await second.until('tells it', () => second.kills('between')[0]);
    expect(kill.victim?.pid).toBe(pid);
    const atMs = Date.parse(kill.time as string);
    expect(atMs).toBeGreaterThan(startMs - 300);
    expect(atMs).toBeLessThan(endMs + 300);
    await second.stop();
    await using third = await Agent.watching(run(state.path));
    await sleep(300);
    await third.stop();
    expect([...second.kills('between'), ...third.kills('between')]).toHaveLength(1);
    expect(pids(recorded(state.path, 'between'))).toEqual([pid]);
  });

  it('begins with what the log holds as history: recorded, and told only with --from boot', async () => {
    using state = temporaryFolder();
    const { pid } = await killOne({ comm: 'history' });
    await using now = await Agent.watching(run(state.path));
    await sleep(300);
    await now.stop();
    expect(now.kills('history')).toEqual([]);
    expect(pids(recorded(state.path, 'history'))).toContain(pid);
    expect(historicIds(state.path)).toEqual(
      expect.arrayContaining(recorded(state.path, 'history').map(({ id }) => id)),
    );
    await using boot = await Agent.watching([...run(state.path), '--from', 'boot']);
    await sleep(300);
    await boot.stop();
    expect(pids(boot.kills('history')).filter((other) => other === pid)).toEqual([pid]);
  });

  it('begins anew with a new boot: what its log holds nobody has told', async () => {
    using state = temporaryFolder();
    await using first = await Agent.watching(run(state.path));
    await first.stop();
    const db = new DatabaseSync(join(state.path, 'journal.db'));
    db.exec("DELETE FROM kills; UPDATE boots SET boot_id = 'the boot before'");
    db.close();
    const { pid } = await killOne({ comm: 'new-boot' });
    await using second = await Agent.watching(run(state.path));
    await second.until('tells it', () => second.killOf(pid));
    await second.stop();
    expect(historicIds(state.path)).toEqual([]);
  });

  it('does not count what it read and nobody wanted as lost after a restart', async () => {
    using state = temporaryFolder();
    await using first = await Agent.watching(run(state.path));
    for (let i = 0; i < 200; i++) writeKernelLog(`<7>unwanted ${i}`);
    const seq = newestSeq();
    await sleep(500);
    await first.stop();
    const db = new DatabaseSync(join(state.path, 'journal.db'), { readOnly: true });
    const boot = db.prepare('SELECT seq FROM boots').get();
    db.close();
    expect(boot?.seq).toBeGreaterThanOrEqual(seq - 1);
  });

  it('belongs to one agent: a second one says so and ends', async () => {
    using state = temporaryFolder();
    await using first = await Agent.watching(run(state.path));
    await using second = new Agent(run(state.path));
    expect(await second.exited).toEqual({ code: 1, signal: null });
    expect(second.stderr.map(({ text }) => text)).toEqual([
      `oomwatcher: another oomwatcher runs with the state folder ${state.path}: end it, or name another folder with --state-dir`,
    ]);
    expect(await first.stop()).toEqual({ code: 0, signal: null });
  });
});

function historicIds(stateDir: string): unknown[] {
  const db = new DatabaseSync(join(stateDir, 'journal.db'), { readOnly: true });
  const rows = db.prepare('SELECT id FROM kills WHERE historic = 1').all();
  db.close();
  return rows.map(({ id }) => id);
}
