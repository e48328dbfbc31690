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
import { startPrograms } from './support/programs.ts';
import { isOf, toldBy } from './support/score.ts';
import { killOne, runStorm, type StormChild } from './support/storm.ts';

const storm = { kills: 200, cgroups: 6, parallel: 8 };

function untilTold(agent: Agent, prefix: string, kills: number): Promise<true> {
  return agent.until(
    `tells ${kills} kills`,
    () => toldBy(agent, prefix).length >= kills || undefined,
    60_000,
  );
}

needs(builtAgent, builtAddon, oomKills).describe('a storm', () => {
  it('while two programs flood the log loses no kill: what the log lost, the counters tell', async () => {
    await using agent = await Agent.watching(['watch', '--json'], { source: 'native' });
    await accountBegins();
    await using floods = startFloods(2);
    const running = runStorm({ ...storm, comm: 'flooded-%i', lingerMs: 8_000 });
    await agent.until('tells a kill', () => toldBy(agent, 'flooded')[0]);
    await sleep(6_000);
    await floods[Symbol.asyncDispose]();
    const truth = await running;
    await untilTold(agent, 'flooded', storm.kills);
    await agent.stop();
    const told = toldBy(agent, 'flooded');
    expectEachOnce(told, truth);
    expectNoneWrong(told, truth);
    expectAccountCloses(agent, storm.kills);
  });

  it('that goes on while the agent is stopped for ten seconds and overrun is told whole, nothing twice', async () => {
    await using agent = await Agent.watching(['watch', '--json'], { source: 'native' });
    await accountBegins();
    const running = runStorm({ ...storm, comm: 'stopped-%i', lingerMs: 18_000 });
    await agent.until(
      'has told some',
      () => toldBy(agent, 'stopped').length >= 20 || undefined,
      60_000,
    );
    agent.signal('SIGSTOP');
    await sleep(4_000);
    floodKernelLog(12_000);
    await sleep(6_000);
    agent.signal('SIGCONT');
    const truth = await running;
    await untilTold(agent, 'stopped', storm.kills);
    await sleep(2_500); // what comes twice comes now
    await agent.stop();
    const told = toldBy(agent, 'stopped');
    expectEachOnce(told, truth);
    expectNoneWrong(told, truth);
    // Otherwise nothing of the storm was overrun, and this test has proven nothing.
    expect(told.filter(({ victim }) => victim === undefined).length).toBeGreaterThan(0);
    expectAccountCloses(agent, storm.kills);
  });

  it('without an end does not keep what was overrun in it from being told, nor a removed cgroup from being named', async () => {
    await using agent = await Agent.watching(['watch', '--json'], { source: 'native' });
    await accountBegins();
    agent.signal('SIGSTOP');
    const overrun = runStorm({ kills: 5, cgroups: 5, comm: 'overrun-%i', lingerMs: 4_000 });
    await sleep(1_000);
    floodKernelLog(12_000);
    agent.signal('SIGCONT');
    const endless: StormChild[] = [];
    const unread = () => toldBy(agent, 'endless').filter(({ victim }) => victim === undefined);
    for (let kills = 0; kills < 60 && unread().length < 5; kills++) {
      endless.push(await killOne({ comm: 'endless-%i' }));
      await sleep(400);
    }
    expect(unread(), 'while the storm went on').toHaveLength(5);
    const told = () => toldBy(agent, 'endless');
    await agent.until('tells the rest', () => told().length >= 5 + endless.length || undefined);
    await agent.stop();
    const { children, totals } = await overrun;
    expectEachOnce(told(), { children: [...children, ...endless], totals });
    expect(unread().map(({ cgroup }) => cgroup?.victim)).toEqual(
      expect.arrayContaining(children.map(({ cgroup }) => cgroup)),
    );
    expectAccountCloses(agent, told().length);
  });

  it("with JavaScript's thread blocked for five seconds in it loses no record and no kill", async () => {
    const watcher = watch({ source: 'native' });
    const told: Kill[] = [];
    const watching = Promise.withResolvers<void>();
    const all = Promise.withResolvers<void>();
    const reading = (async () => {
      for await (const event of watcher.events()) {
        if (event.kind === 'watching') watching.resolve();
        if (event.kind !== 'kill' || !isOf('blocked')(event.kill)) continue;
        told.push(event.kill);
        if (told.length === 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5_000);
        if (told.length === storm.kills) all.resolve();
      }
    })();
    try {
      await watching.promise;
      await accountBegins();
      const truth = await runStorm({ ...storm, comm: 'blocked-%i' });
      await Promise.race([all.promise, sleep(300_000)]);
      expectEachOnce(told, truth);
      expectNoneWrong(told, truth);
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

/** Programs that write to the log as fast as they can; an open for each record, for the kernel limits open files. */
function startFloods(count: number): AsyncDisposable {
  const script = `
    const { writeFileSync } = require('node:fs');
    const record = '<7>flood ' + 'x'.repeat(80) + '\\n';
    for (;;) writeFileSync('/dev/kmsg', record);
  `;
  return startPrograms(count, process.execPath, ['-e', script]);
}
