import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { MemoryAnswer } from '@oomwatcher/dashboard';
import { expect } from 'vitest';
import { temporaryFolder } from '../packages/kmsg/test/support/temporary.ts';
import { agentWithPage } from './support/dashboard.ts';
import { builtAddon, builtAgent, needs, oomKills } from './support/needs.ts';
import { runStorm } from './support/storm.ts';

const kills = 200;
/** Others kill here too. */
const prefix = `u${process.pid}-`;
const maxRunUpBytes = 8192;

needs(builtAgent, builtAddon, oomKills).it(
  'each kill of a storm has the minutes before it, in the journal too, within the stated bound',
  async () => {
    const state = temporaryFolder();
    const { agent, url } = await agentWithPage(state);
    await using _ = agent;
    const cgroups = Array.from({ length: 8 }, (_, i) => `/run-up-storm-${process.pid}/${i}`);
    const sampled = async () => {
      const response = await fetch(`${url}/api/v1/memory?share=0&limit=1000`);
      const paths = ((await response.json()) as MemoryAnswer).cgroups.map(({ path }) => path);
      return cgroups.filter((path) => paths.includes(path)).length;
    };
    const hold = (async () => await expect.poll(sampled).toBe(cgroups.length))();
    const { children } = await runStorm({ kills, cgroups, parallel: 4, comm: `${prefix}%i`, hold });
    const reported = () => agent.kills(prefix);
    await agent.until('reports them', () => reported().length >= kills || undefined);
    await agent.stop();
    const cgroupOf = new Map(children.map(({ pid, cgroup }) => [pid, cgroup]));
    // Of a storm the kernel tells a part only; a kill whose cgroup nobody knows has no minutes.
    const placed = reported().filter(({ cgroup }) => cgroup?.victim !== undefined);
    expect(placed.length).toBeGreaterThan(kills / 2);
    for (const { victim, runUp } of placed) {
      expect(runUp?.cgroup?.path).toBe(cgroupOf.get(victim?.pid as number));
      const { samples = [] } = runUp?.cgroup ?? {};
      expect(samples.length).toBeGreaterThan(0);
      expect(samples.at(-1)?.monotonicUs).toBeLessThanOrEqual(runUp?.killMonotonicUs as number);
    }
    using journal = new DatabaseSync(join(state, 'journal.db'), { readOnly: true });
    const lengths = journal
      .prepare(
        'SELECT id, length(CAST(run_up AS BLOB)) AS bytes FROM kill_run_ups JOIN kills USING (row)',
      )
      .all();
    expect(lengths.map(({ id }) => id)).toEqual(expect.arrayContaining(placed.map(({ id }) => id)));
    for (const { bytes } of lengths) expect(bytes).toBeLessThanOrEqual(maxRunUpBytes);
  },
);
