import { setTimeout as sleep } from 'node:timers/promises';
import type { Kill } from '@oomwatcher/oom';
import { expect } from 'vitest';
import { accountBegins } from './support/account-begins.ts';
import { Agent } from './support/agent.ts';
import { floodKernelLog } from './support/kernel-log.ts';
import { builtAgent, kernelWitness, needs, oomKills } from './support/needs.ts';
import { expectEachOnce, expectNoneWrong } from './support/placed.ts';
import { startFloods } from './support/programs.ts';
import { rounds, roundsTimeoutMs } from './support/rounds.ts';
import { reportedOf } from './support/score.ts';
import { LingeringStorm, runStorm, type Truth, together } from './support/storm.ts';

const storm = { kills: 200, cgroups: 6, parallel: 8 };

needs(oomKills, kernelWitness, builtAgent).describe('a witnessed storm', () => {
  const { it } = needs();

  it(
    'while two programs flood the log has every process, name and cgroup',
    async () => {
      for (let round = 0; round < rounds; round++) {
        await using agent = await start();
        await using floods = startFloods(2);
        const running = runStorm({ ...storm, comm: `wf${round}-%i` });
        const truth = await running;
        await floods[Symbol.asyncDispose]();
        expectWhole(await reported(agent, `wf${round}-`, truth), truth);
      }
    },
    roundsTimeoutMs,
  );

  it(
    'whose lines the log lost while the agent was stopped has every process, name and cgroup',
    async () => {
      for (let round = 0; round < rounds; round++) {
        await using agent = await start();
        await using first = new LingeringStorm({ ...storm, comm: `wl${round}-%i` });
        const own = () => agent.kills(`wl${round}-`);
        await agent.until('reports some', () => own().length >= 20 || undefined);
        agent.signal('SIGSTOP');
        // This machine may have kept its reader waiting until the first was over.
        const more = { kills: 20, cgroups: 2, comm: `wl${round}-b%i` };
        await using second = new LingeringStorm(more);
        const truth = together(await first.truth, await second.truth);
        floodKernelLog(12_000);
        agent.signal('SIGCONT');
        const kills = await reported(agent, `wl${round}-`, truth);
        expectWhole(kills, truth);
        // Otherwise nothing of the storm was overrun, and this test has proven nothing.
        expect(kills.filter(({ seq }) => seq === undefined).length).toBeGreaterThan(0);
      }
    },
    roundsTimeoutMs,
  );
});

async function start(): Promise<Agent> {
  const agent = await Agent.watching(['watch', '--json', '--witness', 'require'], {
    source: 'native',
  });
  await accountBegins(agent.pid);
  return agent;
}

/** What an agent, which then ends, has reported of the storm, also of kills without a victim. */
async function reported(agent: Agent, prefix: string, truth: Truth): Promise<Kill[]> {
  const kills = truth.children.length;
  await agent.until('reports all', () => agent.kills(prefix).length >= kills || undefined);
  await sleep(2_500); // what comes twice comes now
  await agent.stop();
  return reportedOf(agent, prefix, truth);
}

function expectWhole(kills: Kill[], truth: Truth): void {
  expectEachOnce(kills, truth);
  expect(expectNoneWrong(kills, truth)).toBe(truth.children.length);
  expect(kills.filter(({ victim }) => victim === undefined)).toEqual([]);
}
