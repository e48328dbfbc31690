import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmdirSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { memoryHierarchy, needs, oomKills } from './support/needs.ts';
import { runStorm, stormProgram } from './support/storm.ts';

needs(oomKills).describe('the storm that the other tests trust', () => {
  it('counts as many kills as the kernel does', async () => {
    const { children, totals } = await runStorm({ kills: 20, cgroups: 3, parallel: 4 });
    expect(children).toHaveLength(20);
    expect(totals.sigkilled).toBe(20);
    // Others may kill on this machine too.
    expect((totals.vmstatAfter ?? 0) - (totals.vmstatBefore ?? 0)).toBeGreaterThanOrEqual(20);
    expect(totals.cgroups.map(({ oomKillAfter }) => oomKillAfter)).toEqual([7, 7, 6]);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'leaves neither cgroups nor processes behind when %s ends it',
    async (signal) => {
      const args = ['--kills', '10000', '--parallel', '8', '--survivor'];
      const child = spawn(stormProgram(), args, { stdio: ['ignore', 'pipe', 'ignore'] });
      await once(child.stdout, 'data');
      expect(existsSync(`${memoryHierarchy()}/storm-${child.pid}/0`)).toBe(true);
      child.kill(signal);
      expect(await once(child, 'exit')).toEqual([1, null]);
      expect(existsSync(`${memoryHierarchy()}/storm-${child.pid}`)).toBe(false);
    },
  );

  it('never limits a cgroup that was there before', () => {
    const existing = `oomwatcher-existing-${process.pid}`;
    mkdirSync(`${memoryHierarchy()}/${existing}`);
    onTestFinished(() => rmdirSync(`${memoryHierarchy()}/${existing}`));
    const { status, stderr } = spawnSync(stormProgram(), ['--cgroup', `/${existing}`]);
    expect(status).toBe(1);
    expect(stderr.toString()).toMatch(/is there already: not limiting it/);
  });
});
