import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { temporaryFolder } from '../packages/kmsg/test/support/temporary.ts';
import { Agent } from './support/agent.ts';
import { bpffs } from './support/bpffs.ts';
import { recordedKills } from './support/journal-of.ts';
import { floodKernelLog } from './support/kernel-log.ts';
import { builtAgent, kernelWitness, mounts, needs, oomKills } from './support/needs.ts';
import { command } from './support/paths.ts';
import { expectEachOnce, expectNoneWrong } from './support/placed.ts';
import { runStorm } from './support/storm.ts';

const storm = { kills: 100, cgroups: 6, parallel: 8 };

/** So often the agent is killed and the log overrun; `OOMWATCHER_ROUNDS=20 npm test -- witness-outlives` tries longer. */
const rounds = Number(process.env.OOMWATCHER_ROUNDS ?? 1);

needs(oomKills, kernelWitness, mounts, builtAgent).it(
  'kills of the time when the agent had died and the log was overrun are recorded once, with name and cgroup',
  async () => {
    const pins = join(bpffs(), 'agent');
    for (let round = 0; round < rounds; round++) {
      const state = temporaryFolder();
      const start = () =>
        Agent.watching([
          ...['run', '--json', '--listen', 'none', '--state-dir', state],
          ...['--witness', 'require', '--witness-pins', pins],
        ]);
      const comm = `wo${round}-%i`;
      await using first = await start();
      const running = runStorm({ ...storm, comm, lingerMs: 12_000 });
      await first.until('reports some', () => first.kills(`wo${round}-`).length >= 20 || undefined);
      first.signal('SIGKILL');
      await first.exited;
      floodKernelLog(12_000);
      const truth = await running;
      await using second = await start();
      const recorded = () => recordedKills(state, `wo${round}-`);
      await second.until(
        'records all',
        () => recorded().length >= storm.kills || undefined,
        60_000,
      );
      await sleep(2_500); // what comes twice comes now
      await second.stop();
      expectEachOnce(recorded(), truth);
      expect(expectNoneWrong(recorded(), truth)).toBe(storm.kills);
      // Otherwise nothing of the storm was overrun, and this round has proven nothing.
      expect(recorded().filter(({ seq }) => seq === undefined).length).toBeGreaterThan(0);
    }
    execFileSync(command, ['witness', 'remove', '--witness-pins', pins]);
  },
);
