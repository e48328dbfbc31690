import { expect, it } from 'vitest';
import { temporaryFolder } from '../packages/kmsg/test/support/temporary.ts';
import { accountOf, pidsOf } from './support/journal-of.ts';
import { builtAgent, needs, oomKills } from './support/needs.ts';
import { expectEachOnce, expectNoneWrong, expectSomeOfStorms } from './support/placed.ts';
import { stormWithReplacement } from './support/replaced.ts';

const kills = 200;

needs(builtAgent, oomKills).describe('an agent that is replaced in the middle of a storm', () => {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    it(`by ${signal}, and its successor report every victim once, never in another cgroup`, () =>
      expectSomeOfStorms(() => placedByCounters(signal)));
  }
});

/** How many the counters have placed: their share is a figure, for it depends on who else uses the machine. */
async function placedByCounters(signal: NodeJS.Signals): Promise<number> {
  const stateDir = temporaryFolder();
  const comm = signal === 'SIGTERM' ? 'rt' : 'rk';
  const { truth, recorded, printed } = await stormWithReplacement(
    { stateDir, signal, after: 40, awayMs: 100 },
    { kills, cgroups: 6, parallel: 8, comm },
  );
  expectEachOnce(recorded, truth);
  expectNoneWrong(recorded, truth);
  expect(new Set(pidsOf(printed)).size).toBe(kills);
  // What the first had not printed when it was killed, the second prints: never twice where it could end in peace.
  if (signal === 'SIGTERM') expect(printed).toHaveLength(kills);
  expect(await accountOf(stateDir)).toMatchObject({ unaccounted: 0, whileAway: 0 });
  return recorded.filter(({ cgroup }) => cgroup?.from === 'counter').length;
}
