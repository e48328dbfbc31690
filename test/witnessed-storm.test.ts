import { expect } from 'vitest';
import { accountBegins } from './support/account-begins.ts';
import { Agent } from './support/agent.ts';
import { builtAgent, kernelWitness, needs, oomKills } from './support/needs.ts';
import { expectNoneWrong } from './support/placed.ts';
import { runStorm } from './support/storm.ts';

needs(oomKills, kernelWitness, builtAgent).it(
  'a storm whose reports the kernel withholds is reported whole: every cgroup, every limit that is certain',
  async () => {
    const kills = 200;
    await using agent = await Agent.watching(['watch', '--json', '--witness', 'require'], {
      source: 'native',
    });
    expect(agent.notices('witness')).toMatchObject([{ live: true }]);
    await accountBegins();
    const truth = await runStorm({ kills, cgroups: 6, parallel: 8, comm: 'ws%g-%i' });
    await agent.until(
      `prints ${kills} kills`,
      () => agent.kills('ws').length >= kills || undefined,
    );
    await agent.stop();
    const reported = agent.kills('ws');
    expect(expectNoneWrong(reported, truth)).toBe(kills);
    const withheld = reported.filter(({ complete }) => !complete);
    expect(withheld.length).toBeGreaterThan(kills / 2);
    expect(new Set(withheld.map(({ cgroup }) => cgroup?.from))).toEqual(new Set(['kernel']));
    const limits = new Map(truth.children.map(({ pid, limitCgroup }) => [pid, limitCgroup]));
    const limited = reported.filter(({ cgroup }) => cgroup?.limit !== undefined);
    expect(limited.length).toBeGreaterThan(kills * 0.95);
    for (const { victim, cgroup } of limited)
      expect(cgroup?.limit).toBe(limits.get(victim?.pid ?? 0));
    for (const { cgroup, memory, trigger, witnessed } of withheld) {
      expect(witnessed).toBe(true);
      expect(trigger?.name).toMatch(/^ws/);
      if (cgroup?.limit !== undefined) expect(memory?.limitKiB).toBe(16 * 1024);
    }
  },
);
