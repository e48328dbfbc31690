import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { accountBegins } from './support/account-begins.ts';
import { Agent } from './support/agent.ts';
import { floodKernelLog } from './support/kernel-log.ts';
import { builtAgent, kernelWitness, needs, oomKills } from './support/needs.ts';
import { expectEachOnce, expectNoneWrong } from './support/placed.ts';
import { reportedBy } from './support/score.ts';
import { runStorm } from './support/storm.ts';

const storm = { kills: 200, cgroups: 6, parallel: 8 };

needs(oomKills, kernelWitness, builtAgent).it(
  'kills whose lines the log lost while the agent was stopped have their process, name and cgroup',
  async () => {
    await using agent = await Agent.watching(['watch', '--json', '--witness', 'require'], {
      source: 'native',
    });
    await accountBegins();
    const running = runStorm({ ...storm, comm: 'wl%g-%i', lingerMs: 18_000 });
    const reported = () => agent.kills('wl');
    await agent.until('reports some', () => reported().length >= 20 || undefined, 60_000);
    agent.signal('SIGSTOP');
    await sleep(4_000);
    floodKernelLog(12_000);
    await sleep(6_000);
    agent.signal('SIGCONT');
    const truth = await running;
    await agent.until('reports all', () => reported().length >= storm.kills || undefined, 60_000);
    await sleep(2_500); // what comes twice comes now
    await agent.stop();
    const kills = reported();
    expectEachOnce(kills, truth);
    expect(expectNoneWrong(kills, truth)).toBe(storm.kills);
    expect(reportedBy(agent, 'wl').filter(({ victim }) => victim === undefined)).toEqual([]);
    // Otherwise nothing of the storm was overrun, and this test has proven nothing.
    expect(kills.filter(({ seq }) => seq === undefined).length).toBeGreaterThan(0);
  },
);
