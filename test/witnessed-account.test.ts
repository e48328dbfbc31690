import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { temporaryFolder } from '../packages/kmsg/test/support/temporary.ts';
import { expectAccountCloses } from './support/account.ts';
import { accountBegins } from './support/account-begins.ts';
import { Agent } from './support/agent.ts';
import { builtAgent, kernelWitness, needs, oomKills, strace } from './support/needs.ts';
import { runStorm, type StormChild } from './support/storm.ts';

needs(oomKills, kernelWitness, builtAgent, strace).it(
  'while the witness is live no counter of a cgroup and no file of a victim is opened; without it they are',
  async () => {
    const kills = 60;
    await using withIt = await traced('require');
    await using without = await traced('off');
    for (const { agent } of [withIt, without]) await accountBegins(agent.pid);
    const { children } = await runStorm({ kills, cgroups: 6, parallel: 4, comm: 'wc-%i' });
    for (const { agent } of [withIt, without]) {
      await agent.until('reports all', () => agent.kills('wc').length >= kills || undefined);
      await sleep(2_000); // the account is looked at when the kernel is calm
      await agent.stop();
      expectAccountCloses(agent, kills);
    }
    expect(openedOf(withIt.opened(), children)).toEqual({ counters: 0, victims: 0 });
    const { counters, victims } = openedOf(without.opened(), children);
    // Otherwise the trace shows nothing, and this test proves nothing.
    expect(counters).toBeGreaterThan(0);
    expect(victims).toBeGreaterThan(0);
  },
);

/** An agent, and the names of all files that it has opened. */
async function traced(witness: string) {
  const file = join(temporaryFolder(), 'opened');
  // -D: the agent stays this process's child.
  const wrapper = ['strace', '-D', '-f', '-qq', '-e', 'trace=open,openat', '-o', file];
  const agent = await Agent.watching(['watch', '--json', '--witness', witness], {
    source: 'native',
    wrapper,
  });
  return {
    agent,
    opened: () =>
      [...readFileSync(file, 'latin1').matchAll(/ open(?:at)?\([^"]*"([^"]*)"/g)].map(
        ([, name]) => name as string,
      ),
    [Symbol.asyncDispose]: () => agent[Symbol.asyncDispose](),
  };
}

function openedOf(opened: readonly string[], children: readonly StormChild[]) {
  const folders = new Set(children.map(({ pid }) => `/proc/${pid}`));
  return {
    counters: opened.filter((name) => /\/memory\.(oom_control|events(\.local)?)$/.test(name))
      .length,
    victims: opened.filter((name) => folders.has(name.split('/').slice(0, 3).join('/'))).length,
  };
}
