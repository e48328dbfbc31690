import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../packages/kmsg/test/support/temporary.ts';
import { pidsOf } from './support/journal-of.ts';
import { builtAgent, needs, oomKills } from './support/needs.ts';
import { expectEachOnce, expectNoneWrong, expectSomeOfStorms } from './support/placed.ts';
import { stormWithReplacement } from './support/replaced.ts';

const kills = 200;

needs(builtAgent, oomKills).describe('an agent that is replaced in the middle of a storm', () => {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    it(`by ${signal}, and its successor report every victim once, never in another cgroup`, () =>
      expectSomeOfStorms(() => placedInStorm(signal)));
  }
});

/** How many were placed of those whose report the kernel withheld. */
async function placedInStorm(signal: NodeJS.Signals): Promise<number> {
  const stateDir = temporaryFolder();
  // The log still holds the kills of another attempt, and a new journal records them as history.
  const comm = `r${randomBytes(3).toString('hex')}-`;
  const { truth, recorded, printed } = await stormWithReplacement(
    { stateDir, signal, after: 40, awayMs: 100 },
    { kills, cgroups: 6, parallel: 8, comm },
  );
  expectEachOnce(recorded, truth);
  expectNoneWrong(recorded, truth);
  const pids = pidsOf(printed);
  expect(new Set(pids).size, 'printed twice').toBe(pids.length);
  if (signal === 'SIGTERM') expect(pids).toHaveLength(kills);
  return recorded.filter(({ cgroup }) => cgroup?.from !== undefined && cgroup.from !== 'log')
    .length;
}
