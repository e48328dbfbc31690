import { it } from 'vitest';
import { expectAccountCloses } from './support/account.ts';
import { accountBegins } from './support/account-begins.ts';
import { Agent } from './support/agent.ts';
import { builtAddon, builtAgent, needs, oomKills } from './support/needs.ts';
import { expectEachOnce, expectNoneWrong, expectSomeOfStorms } from './support/placed.ts';
import { reportedOf } from './support/score.ts';
import { runStorm } from './support/storm.ts';

needs(builtAgent, builtAddon, oomKills).describe(
  '60 cgroups that are removed when their process was killed',
  () => {
    it('have every kill reported, and none in the cgroup of another', () =>
      expectSomeOfStorms(placedInBriefCgroups));
  },
);

/** How many were placed of those whose report the kernel withheld. */
async function placedInBriefCgroups(): Promise<number> {
  await using agent = await Agent.watching(['watch', '--json'], { source: 'native' });
  await accountBegins(agent.pid);
  const truth = await runStorm({
    kills: 60,
    cgroups: 60,
    parallel: 8,
    comm: 'brief-%i',
    brief: true,
  });
  const reported = () => reportedOf(agent, 'brief', truth);
  await agent.until('reports 60 kills', () => reported().length >= 60 || undefined);
  await agent.stop();
  expectEachOnce(reported(), truth);
  expectAccountCloses(agent, 60);
  return expectNoneWrong(reported(), truth) - reported().filter(({ complete }) => complete).length;
}
