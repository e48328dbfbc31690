import { setTimeout as sleep } from 'node:timers/promises';
import type { Kill } from '@oomwatcher/oom';
import { watch } from '@oomwatcher/watcher';
import { expect, it } from 'vitest';
import { expectAccountCloses } from './support/account.ts';
import { accountBegins } from './support/account-begins.ts';
import { Agent } from './support/agent.ts';
import { floodKernelLog } from './support/kernel-log.ts';
import { builtAddon, builtAgent, needs, oomKills } from './support/needs.ts';
import { expectEachOnce, expectNoneWrong } from './support/placed.ts';
import { startFloods } from './support/programs.ts';
import { isOf, reportedBy } from './support/score.ts';
import { killOne, runStorm, type StormChild } from './support/storm.ts';

const storm = { kills: 200, cgroups: 6, parallel: 8 };

/** The kernel itself would name what the log lost: witnessed-kills.test.ts. */
const withoutWitness = ['watch', '--json', '--witness', 'off'];

function untilReported(agent: Agent, prefix: string, kills: number): Promise<true> {
  return agent.until(
    `reports ${kills} kills`,
    () => reportedBy(agent, prefix).length >= kills || undefined,
    60_000,
  );
}

needs(builtAgent, builtAddon, oomKills).describe('a storm', () => {
  it('while two programs flood the log loses no kill: what the log lost, the counters report', async () => {
    await using agent = await Agent.watching(['watch', '--json'], { source: 'native' });
    await accountBegins();
    await using floods = startFloods(2);
    const running = runStorm({ ...storm, comm: 'flooded-%i', lingerMs: 8_000 });
    await agent.until('reports a kill', () => reportedBy(agent, 'flooded')[0]);
    await sleep(6_000);
    await floods[Symbol.asyncDispose]();
    const truth = await running;
    await untilReported(agent, 'flooded', storm.kills);
    await agent.stop();
    const reported = reportedBy(agent, 'flooded');
    expectEachOnce(reported, truth);
    expectNoneWrong(reported, truth);
    expectAccountCloses(agent, storm.kills);
  });

  it('that goes on while the agent is stopped for ten seconds and overrun is reported whole, nothing twice', async () => {
    await using agent = await Agent.watching(withoutWitness, { source: 'native' });
    await accountBegins();
    const running = runStorm({ ...storm, comm: 'stopped-%i', lingerMs: 18_000 });
    await agent.until(
      'has reported some',
      () => reportedBy(agent, 'stopped').length >= 20 || undefined,
      60_000,
    );
    agent.signal('SIGSTOP');
    await sleep(4_000);
    floodKernelLog(12_000);
    await sleep(6_000);
    agent.signal('SIGCONT');
    const truth = await running;
    await untilReported(agent, 'stopped', storm.kills);
    await sleep(2_500); // what comes twice comes now
    await agent.stop();
    const reported = reportedBy(agent, 'stopped');
    expectEachOnce(reported, truth);
    expectNoneWrong(reported, truth);
    // Otherwise nothing of the storm was overrun, and this test has proven nothing.
    expect(reported.filter(({ victim }) => victim === undefined).length).toBeGreaterThan(0);
    expectAccountCloses(agent, storm.kills);
  });

  it('without an end does not keep what was overrun in it from being reported, nor a removed cgroup from being named', async () => {
    await using agent = await Agent.watching(withoutWitness, { source: 'native' });
    await accountBegins();
    agent.signal('SIGSTOP');
    const overrun = runStorm({ kills: 5, cgroups: 5, comm: 'overrun-%i', lingerMs: 4_000 });
    await sleep(1_000);
    floodKernelLog(12_000);
    agent.signal('SIGCONT');
    await sleep(400); // a kill that nobody can place would be one of the overrun ones to it, until it has read all of them
    const endless: StormChild[] = [];
    const unread = () => reportedBy(agent, 'endless').filter(({ victim }) => victim === undefined);
    for (let kills = 0; kills < 60 && unread().length < 5; kills++) {
      endless.push(await killOne({ comm: 'endless-%i' }));
      await sleep(400);
    }
    expect(unread(), 'while the storm went on').toHaveLength(5);
    const reported = () => reportedBy(agent, 'endless');
    await agent.until(
      'reports the rest',
      () => reported().length >= 5 + endless.length || undefined,
    );
    await agent.stop();
    const { children, totals } = await overrun;
    expectEachOnce(reported(), { children: [...children, ...endless], totals });
    expect(unread().map(({ cgroup }) => cgroup?.victim)).toEqual(
      expect.arrayContaining(children.map(({ cgroup }) => cgroup)),
    );
    expectAccountCloses(agent, reported().length);
  });

  it("with JavaScript's thread blocked for five seconds in it loses no record and no kill", async () => {
    const watcher = watch({ source: 'native' });
    const reported: Kill[] = [];
    const watching = Promise.withResolvers<void>();
    const all = Promise.withResolvers<void>();
    const reading = (async () => {
      for await (const event of watcher.events()) {
        if (event.kind === 'watching') watching.resolve();
        if (event.kind !== 'kill' || !isOf('blocked')(event.kill)) continue;
        reported.push(event.kill);
        if (reported.length === 1)
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5_000);
        if (reported.length === storm.kills) all.resolve();
      }
    })();
    try {
      await watching.promise;
      await accountBegins();
      const truth = await runStorm({ ...storm, comm: 'blocked-%i' });
      await Promise.race([all.promise, sleep(300_000)]);
      expectEachOnce(reported, truth);
      expectNoneWrong(reported, truth);
      const { lost, account } = watcher.stats();
      expect(lost).toBe(0);
      // A kill of somebody else may be counted and not printed yet at this moment.
      expect(account?.unaccounted).toBeLessThanOrEqual(
        account?.kernelKills === storm.kills ? 0 : 1,
      );
    } finally {
      watcher.close();
      await reading;
    }
  });
});
