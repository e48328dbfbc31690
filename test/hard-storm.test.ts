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
import { hasRun } from './support/process-usage.ts';
import { startFloods } from './support/programs.ts';
import { isOf, reportedBy, reportedOf } from './support/score.ts';
import {
  killOne,
  LingeringStorm,
  runStorm,
  type StormChild,
  type Truth,
  together,
} from './support/storm.ts';

const storm = { kills: 200, cgroups: 6, parallel: 8 };

/** The kernel itself would name what the log lost: witnessed-kills.test.ts. */
const withoutWitness = ['watch', '--json', '--witness', 'off'];

function untilReported(agent: Agent, prefix: string, truth: Truth): Promise<true> {
  const kills = truth.children.length;
  return agent.until(
    `reports ${kills} kills`,
    () => reportedOf(agent, prefix, truth).length >= kills || undefined,
  );
}

needs(builtAgent, builtAddon, oomKills).describe('a storm', () => {
  it('while two programs flood the log loses no kill: what the log lost, the counters report', async () => {
    await using agent = await Agent.watching(['watch', '--json'], { source: 'native' });
    await accountBegins(agent.pid);
    await using floods = startFloods(2);
    await using lingering = new LingeringStorm({ ...storm, comm: 'flooded-%i' });
    const truth = await lingering.truth;
    await floods[Symbol.asyncDispose]();
    await untilReported(agent, 'flooded', truth);
    await agent.stop();
    const reported = reportedOf(agent, 'flooded', truth);
    expectEachOnce(reported, truth);
    expectNoneWrong(reported, truth);
    expectAccountCloses(agent, storm.kills);
  });

  it('that goes on while the agent is stopped and overrun is reported whole, nothing twice', async () => {
    await using agent = await Agent.watching(withoutWitness, { source: 'native' });
    await accountBegins(agent.pid);
    await using first = new LingeringStorm({ ...storm, comm: 'stopped-%i' });
    await agent.until(
      'has reported some',
      () => reportedBy(agent, 'stopped').length >= 20 || undefined,
    );
    agent.signal('SIGSTOP');
    // This machine may have kept its reader waiting until the first was over.
    await using second = new LingeringStorm({ kills: 20, cgroups: 2, comm: 'stopped-b%i' });
    const truth = together(await first.truth, await second.truth);
    const kills = truth.children.length;
    floodKernelLog(12_000);
    agent.signal('SIGCONT');
    await untilReported(agent, 'stopped', truth);
    await sleep(2_500); // what comes twice comes now
    await agent.stop();
    const reported = reportedOf(agent, 'stopped', truth);
    expectEachOnce(reported, truth);
    expectNoneWrong(reported, truth);
    // Otherwise nothing of the storm was overrun, and this test has proven nothing.
    expect(reported.filter(({ victim }) => victim === undefined).length).toBeGreaterThan(0);
    expectAccountCloses(agent, kills);
  });

  it('without an end does not keep what was overrun in it from being reported, nor a removed cgroup from being named', async () => {
    await using agent = await Agent.watching(withoutWitness, { source: 'native' });
    await accountBegins(agent.pid);
    agent.signal('SIGSTOP');
    await using overrun = new LingeringStorm({ kills: 5, cgroups: 5, comm: 'overrun-%i' });
    const { children, totals } = await overrun.truth;
    floodKernelLog(12_000);
    agent.signal('SIGCONT');
    // A kill that nobody can place would be one of the overrun ones to it, until it has read all of them.
    await agent.until('reports the loss', () => agent.notices('loss')[0]);
    await hasRun(agent.pid, 400);
    const endless: StormChild[] = [];
    const all = () => ({ children: [...children, ...endless], totals });
    const reported = () => reportedOf(agent, 'endless', all());
    const unread = () => reported().filter(({ victim }) => victim === undefined);
    for (let kills = 0; kills < 60 && unread().length < 5; kills++) {
      endless.push(await killOne({ comm: 'endless-%i' }));
      await hasRun(agent.pid, 400);
      if (kills === 3) await overrun[Symbol.asyncDispose]();
    }
    expect(unread(), 'while the storm went on').toHaveLength(5);
    await agent.until(
      'reports the rest',
      () => reported().length >= 5 + endless.length || undefined,
    );
    await agent.stop();
    expectEachOnce(reported(), all());
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
      await accountBegins(process.pid);
      const truth = await runStorm({ ...storm, comm: 'blocked-%i' });
      await Promise.race([all.promise, sleep(300_000)]);
      expectEachOnce(reported, truth);
      expectNoneWrong(reported, truth);
      const { lost, account } = watcher.stats();
      expect(lost).toBe(0);
      // Kills of others may be counted and not printed, or not read, yet at this moment.
      expect(account?.unaccounted).toBeLessThanOrEqual(Number(account?.kernelKills) - storm.kills);
    } finally {
      watcher.close();
      await reading;
    }
  });
});
