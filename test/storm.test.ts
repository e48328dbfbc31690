import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { expectAccountCloses } from './support/account.ts';
import { accountBegins } from './support/account-begins.ts';
import { Agent } from './support/agent.ts';
import { oomKills } from './support/needs.ts';
import { expectNoneWrong, expectSomeOfStorms } from './support/placed.ts';
import { describeSources, type Source } from './support/sources.ts';
import { runStorm } from './support/storm.ts';

const kills = 200;

describeSources('a storm that the kernel reports in ten headers', [oomKills], (source) => {
  it('gives every victim once, with its own name and never with another cgroup', () =>
    expectSomeOfStorms(() => placedInStorm(source)));
});

/** How many were placed of those whose report the kernel withheld. */
async function placedInStorm(source: Source): Promise<number> {
  await using agent = await Agent.watching(['watch', '--json'], { source });
  await accountBegins(agent.pid); // without the counters' help native placed 189 once
  const prefix = source === 'native' ? 'sn' : 'sp';
  const truth = await runStorm({ kills, cgroups: 6, parallel: 8, comm: `${prefix}%g-%i` });
  await agent.until(
    `prints ${kills} kills`,
    () => agent.kills(prefix).length >= kills || undefined,
  );
  await sleep(300); // what comes twice comes now
  await agent.stop();

  const reported = agent.kills(prefix);
  expect(reported).toHaveLength(kills);
  expect(new Set(reported.map(({ id }) => id)).size).toBe(kills);
  expect(reported.map(({ victim }) => [victim?.pid, victim?.name]).sort()).toEqual(
    truth.children.map(({ pid, comm }) => [pid, comm]).sort(),
  );
  // Otherwise the kernel withheld nothing, and this test has proven nothing.
  expect(reported.filter(({ complete }) => !complete).length).toBeGreaterThan(0);

  const placed = expectNoneWrong(reported, truth);
  expect(reported.filter(({ complete, cgroup }) => complete && cgroup === undefined)).toEqual([]);
  expectAccountCloses(agent, kills);
  return placed - reported.filter(({ complete }) => complete).length;
}
