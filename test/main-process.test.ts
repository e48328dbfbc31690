import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Agent } from './support/agent.ts';
import { oomKills } from './support/needs.ts';
import { describeSources } from './support/sources.ts';
import { kubeletCgroup, runStorm } from './support/storm.ts';

const kills = 10;

describeSources("a container's first process", [oomKills], (source) => {
  it.each([
    ['is not said to be dead when its child was killed', true],
    ['is not said to have lived when it was killed itself', false],
  ])('%s', async (_, survivor) => {
    await using agent = await Agent.watching(['watch', '--json'], { source });
    const comm = survivor ? 'child-%i' : 'main-%i';
    const { children } = await runStorm({
      kills,
      comm,
      cgroups: [kubeletCgroup().path],
      pidNamespace: true,
      survivor,
    });
    await agent.until('prints every kill', () => agent.kills().length >= kills || undefined);
    await sleep(100);
    const told = agent.kills(comm.slice(0, -2));
    expect(told.map(({ victim }) => victim?.pid)).toEqual(children.map(({ pid }) => pid));
    if (survivor) expect(children.every(({ mainSurvived }) => mainSurvived)).toBe(true);

    const known = told.flatMap(({ victim }) => victim?.mainProcess ?? []);
    expect(known.every((mainProcess) => mainProcess === !survivor)).toBe(true);
    // The addon reads /proc at once; ten victims cannot all be gone before it.
    if (source === 'native') expect(known.length).toBeGreaterThan(0);
  });
});
