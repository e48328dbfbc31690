import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Agent } from './support/agent.ts';
import { oomKills } from './support/needs.ts';
import { describeSources } from './support/sources.ts';
import { kubeletCgroup, runStorm } from './support/storm.ts';

const kills = 10;
const maxRounds = 10;

describeSources("a container's first process", [oomKills], (source) => {
  it.each([
    ['is not said to be dead when its child was killed', true],
    ['is not said to have lived when it was killed itself', false],
  ])('%s', async (_, survivor) => {
    await using agent = await Agent.watching(['watch', '--json'], { source });
    const known: boolean[] = [];
    // A victim can be gone before /proc is read, all of one round included; that the addon never comes in time cannot be.
    for (let round = 0; round < maxRounds && (round === 0 || known.length === 0); round++) {
      const comm = `${survivor ? 'child' : 'main'}${round}-`;
      const { children } = await runStorm({
        kills,
        comm: `${comm}%i`,
        cgroups: [kubeletCgroup().path],
        pidNamespace: true,
        survivor,
      });
      await agent.until('prints every kill', () => agent.kills(comm).length >= kills || undefined);
      await sleep(100);
      const reported = agent.kills(comm);
      expect(reported.map(({ victim }) => victim?.pid)).toEqual(children.map(({ pid }) => pid));
      if (survivor) expect(children.every(({ mainSurvived }) => mainSurvived)).toBe(true);
      known.push(...reported.flatMap(({ victim }) => victim?.mainProcess ?? []));
      if (source === 'portable') break;
    }
    expect(known.every((mainProcess) => mainProcess === !survivor)).toBe(true);
    if (source === 'native') expect(known.length).toBeGreaterThan(0);
  });
});
