import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Agent } from './support/agent.ts';
import { oomKills } from './support/needs.ts';
import { describeSources } from './support/sources.ts';
import { runStorm } from './support/storm.ts';

const kills = 200;

describeSources('a storm that the kernel reports in ten headers', [oomKills], (source) => {
  it('gives every victim once, with its own name and never with another cgroup', async () => {
    await using agent = await Agent.watching(['watch', '--json'], { source });
    const prefix = source === 'native' ? 'sn' : 'sp';
    const truth = await runStorm({ kills, cgroups: 6, parallel: 8, comm: `${prefix}%g-%i` });
    await agent.until(
      `prints ${kills} kills`,
      () => agent.kills(prefix).length >= kills || undefined,
    );
    await sleep(300); // what comes twice comes now
    await agent.stop();

    const told = agent.kills(prefix);
    expect(told).toHaveLength(kills);
    expect(new Set(told.map(({ id }) => id)).size).toBe(kills);
    expect(told.map(({ victim }) => [victim?.pid, victim?.name]).sort()).toEqual(
      truth.children.map(({ pid, comm }) => [pid, comm]).sort(),
    );
    // Otherwise the kernel withheld nothing, and this test has proven nothing.
    expect(told.filter(({ complete }) => !complete).length).toBeGreaterThan(kills / 2);

    const cgroupOf = new Map(truth.children.map(({ pid, cgroup }) => [pid, cgroup]));
    for (const { victim, cgroup, complete } of told) {
      if (complete || cgroup?.victim !== undefined) {
        expect(cgroup?.victim, `cgroup of ${victim?.name}`).toBe(cgroupOf.get(victim?.pid ?? 0));
      }
    }
    const { totals } = truth;
    expect((totals.vmstatAfter ?? 0) - (totals.vmstatBefore ?? 0)).toBe(kills);
    expect(agent.notices('summary')).toMatchObject([{ kills, lost: 0, forged: 0 }]);
  });
});
