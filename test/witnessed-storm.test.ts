import type { Kill } from '@oomwatcher/oom';
import { expect } from 'vitest';
import { accountBegins } from './support/account-begins.ts';
import { Agent } from './support/agent.ts';
import { builtAgent, kernelWitness, needs, oomKills } from './support/needs.ts';
import { expectEachOnce, expectNoneWrong } from './support/placed.ts';
import { busyLoops } from './support/programs.ts';
import { rounds, roundsTimeoutMs } from './support/rounds.ts';
import { reportedOf } from './support/score.ts';
import { runStorm, type StormOptions, type Truth } from './support/storm.ts';

const limitKiB = 16 * 1024;

/** How much a cgroup may have left whose limit was hit: a charge is of up to 64 pages (MEMCG_CHARGE_BATCH). */
const chargeKiB = 256;

needs(oomKills, kernelWitness, builtAgent).describe('a witnessed storm, both cores busy', () => {
  const { it } = needs();

  it(
    'whose reports the kernel withholds is reported whole: every cgroup, every limit that is certain',
    async () => {
      const kills = 200;
      let limits = 0;
      for (let round = 0; round < rounds; round++) {
        const options = { kills, cgroups: 6, parallel: 8, comm: `ws${round}-%g-%i` };
        const [reported, truth] = await witnessed(options, `ws${round}-`);
        const withheld = reported.filter(({ complete }) => !complete);
        expect(withheld.length).toBeGreaterThan(0);
        expect(new Set(withheld.map(({ cgroup }) => cgroup?.from))).toEqual(new Set(['kernel']));
        for (const { trigger, witnessed } of withheld) {
          expect(witnessed).toBe(true);
          expect(trigger?.name).toMatch(/^ws/);
        }
        limits += rightLimits(reported, truth);
      }
      // The one before it may have freed its memory in between, so that a limit is full no longer: by chance 2 of 1,000.
      expect(limits).toBeGreaterThanOrEqual(kills * rounds * (rounds < 10 ? 0.5 : 0.995));
    },
    roundsTimeoutMs,
  );

  it(
    'whose cgroups are removed as soon as their process was killed is reported whole',
    async () => {
      const kills = 60;
      for (let round = 0; round < rounds; round++) {
        const options = { kills, cgroups: kills, parallel: 8, brief: true, comm: `wb${round}-%i` };
        const [reported, truth] = await witnessed(options, `wb${round}-`);
        rightLimits(reported, truth);
      }
    },
    roundsTimeoutMs,
  );
});

/** Every kill was reported once, in its own cgroup. */
async function witnessed(options: StormOptions, prefix: string): Promise<[Kill[], Truth]> {
  const { kills = 0 } = options;
  await using _busy = busyLoops(2);
  await using agent = await Agent.watching(['watch', '--json', '--witness', 'require'], {
    source: 'native',
  });
  expect(agent.notices('witness')).toMatchObject([{ live: true }]);
  await accountBegins(agent.pid);
  const truth = await runStorm({ ...options, limitKiB });
  await agent.until(
    `prints ${kills} kills`,
    () => agent.kills(prefix).length >= kills || undefined,
  );
  await agent.stop();
  const reported = reportedOf(agent, prefix, truth);
  expectEachOnce(reported, truth);
  expect(expectNoneWrong(reported, truth)).toBe(kills);
  return [reported, truth];
}

/** No limit and no usage is wrong. @returns of how many kills they are told */
function rightLimits(reported: readonly Kill[], { children }: Truth): number {
  const limitOf = new Map(children.map(({ pid, limitCgroup }) => [pid, limitCgroup]));
  const limited = reported.filter(({ cgroup }) => cgroup?.limit !== undefined);
  for (const { victim, cgroup, memory } of limited) {
    expect(cgroup?.limit).toBe(limitOf.get(victim?.pid ?? 0));
    expect(memory?.limitKiB).toBe(limitKiB);
    expect(memory?.usageKiB).toBeGreaterThanOrEqual(limitKiB - chargeKiB);
    expect(memory?.usageKiB).toBeLessThanOrEqual(limitKiB);
  }
  return limited.length;
}
