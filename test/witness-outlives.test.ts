import { execFileSync } from 'node:child_process';
import { globSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kill } from '@oomwatcher/oom';
import { expect } from 'vitest';
import { temporaryFolder } from '../packages/kmsg/test/support/temporary.ts';
import { Agent } from './support/agent.ts';
import { bpffs } from './support/bpffs.ts';
import { recordedKills } from './support/journal-of.ts';
import { floodKernelLog } from './support/kernel-log.ts';
import { builtAgent, kernelWitness, mounts, needs, oomKills } from './support/needs.ts';
import { command } from './support/paths.ts';
import { expectEachOnce, expectNoneWrong } from './support/placed.ts';
import { rounds, roundsTimeoutMs } from './support/rounds.ts';
import { LingeringStorm, runStorm, type Truth, together } from './support/storm.ts';

const storm = { kills: 100, cgroups: 6, parallel: 8 };

needs(oomKills, kernelWitness, mounts, builtAgent).describe('a witness that is pinned', () => {
  const { it } = needs();

  it(
    'has the kills of the time when the agent had died and the log was overrun',
    async () => {
      const pins = join(bpffs(), 'agent');
      for (let round = 0; round < rounds; round++) {
        const comm = `wo${round}-`;
        const state = temporaryFolder();
        await using first = await start(state, pins);
        await using running = new LingeringStorm({ ...storm, comm: `${comm}%i` });
        await dies(first, comm);
        // This machine may have kept its reader waiting until the first was over.
        await using more = new LingeringStorm({ kills: 20, cgroups: 2, comm: `${comm}b%i` });
        const truth = together(await running.truth, await more.truth);
        floodKernelLog(12_000);
        await using second = await start(state, pins);
        const recorded = await recordedBy(second, state, comm, truth.children.length);
        expectWhole(recorded, truth);
        // Otherwise nothing of the storm was overrun, and this round has proven nothing.
        expect(recorded.filter(({ seq }) => seq === undefined).length).toBeGreaterThan(0);
      }
      remove(pins);
    },
    roundsTimeoutMs,
  );

  it(
    'of an older version is replaced in a storm, and no kill is lost or told twice',
    async () => {
      const pins = join(bpffs(), 'agent');
      for (let round = 0; round < rounds; round++) {
        const comm = `wu${round}-`;
        const state = temporaryFolder();
        await using first = await start(state, pins);
        await using running = new LingeringStorm({ ...storm, kills: 200, comm: `${comm}%i` });
        await dies(first, comm);
        floodKernelLog(12_000);
        // As if an older version had made them.
        for (const file of globSync(join(pins, 'current/program_*'))) rmSync(file);
        await using second = await start(state, pins);
        const truth = await running.truth;
        expectWhole(await recordedBy(second, state, comm, 200), truth);
        expect(globSync(join(pins, 'current/program_*'))).not.toEqual([]);
      }
      remove(pins);
    },
    roundsTimeoutMs,
  );

  it('is one agent’s; another beside it sees each kill by a program of its own', async () => {
    const pins = join(bpffs(), 'agent');
    const [one, other] = [temporaryFolder(), temporaryFolder()];
    await using first = await start(one, pins);
    await using second = await start(other, pins);
    await using running = new LingeringStorm({ ...storm, comm: 'wt-%i' });
    await dies(first, 'wt-');
    const truth = await running.truth;
    await using third = await start(one, pins);
    for (const [agent, state] of [
      [third, one],
      [second, other],
    ] as const) {
      expectWhole(await recordedBy(agent, state, 'wt-'), truth);
    }
    remove(pins);
  });

  it('is given up in one storm and taken up again in the next, and each kill is told once', async () => {
    const pins = join(bpffs(), 'agent');
    const state = temporaryFolder();
    const truths: [string, Truth][] = [];
    for (const [index, witness] of ['require', 'off', 'require'].entries()) {
      const comm = `wx${index}-`;
      await using agent = await start(state, pins, witness);
      const running = runStorm({ ...storm, comm: `${comm}%i` });
      await dies(agent, comm);
      truths.push([comm, await running]);
    }
    await using last = await start(state, pins);
    await recordedBy(last, state, 'wx', 3 * storm.kills);
    for (const [comm, truth] of truths) {
      const recorded = recordedKills(state, comm);
      expectEachOnce(recorded, truth);
      expectNoneWrong(recorded, truth);
    }
    remove(pins);
  });
});

function start(state: string, pins: string, witness = 'require'): Promise<Agent> {
  return Agent.watching([
    ...['run', '--json', '--listen', 'none', '--state-dir', state],
    ...['--witness', witness, '--witness-pins', pins],
  ]);
}

/** In the middle of the storm. */
async function dies(agent: Agent, comm: string): Promise<void> {
  await agent.until('reports some', () => agent.kills(comm).length >= 20 || undefined);
  agent.signal('SIGKILL');
  await agent.exited;
}

/** What is in its journal when the agent, which then ends, has all. */
async function recordedBy(agent: Agent, state: string, comm: string, kills = storm.kills) {
  const recorded = () => recordedKills(state, comm);
  await expect.poll(() => recorded().length, { interval: 1000 }).toBeGreaterThanOrEqual(kills);
  await sleep(2_500); // what comes twice comes now
  await agent.stop();
  return recorded();
}

function expectWhole(recorded: Kill[], truth: Truth): void {
  expectEachOnce(recorded, truth);
  expect(expectNoneWrong(recorded, truth)).toBe(truth.children.length);
}

function remove(pins: string): void {
  execFileSync(command, ['witness', 'remove', '--witness-pins', pins], { stdio: 'pipe' });
}
