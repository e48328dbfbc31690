import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { expectAccountCloses } from './support/account.ts';
import { accountBegins } from './support/account-begins.ts';
import { Agent } from './support/agent.ts';
import { memoryHierarchy, needs, oomKills, type Requirement } from './support/needs.ts';
import { runStorm } from './support/storm.ts';

/** What placing kills by the kernel's counters rests on, on this very kernel. */

/** Some have no report: the kernel prints ten in five seconds, so twenty at once where five seconds end in between. */
const kills = 60;

const version1: Requirement = () =>
  existsSync(join(memoryHierarchy() ?? '', 'memory.oom_control'))
    ? undefined
    : 'needs cgroup v1 memory: memory.oom_control is not there';

needs(oomKills).describe("the kernel's kill counters", () => {
  it('count every kill line, so that the account can close', async () => {
    await using agent = await Agent.watching(['watch', '--json']);
    await accountBegins(agent.pid);
    const { totals } = await runStorm({ kills, cgroups: 1, parallel: 4, comm: 'counted-%i' });
    const reported = () => agent.kills('counted');
    await agent.until('prints all kills', () => reported().length >= kills || undefined);
    await agent.stop();
    expect(reported()).toHaveLength(kills);
    const [cgroup] = totals.cgroups;
    expect((cgroup?.oomKillAfter ?? 0) - (cgroup?.oomKillBefore ?? 0)).toBe(kills);
    expect((totals.vmstatAfter ?? 0) - (totals.vmstatBefore ?? 0)).toBeGreaterThanOrEqual(kills);
    expect(reported().filter(({ complete }) => !complete)).not.toEqual([]);
    expectAccountCloses(agent, kills);
  });

  it("count in the victim's own cgroup, not in the one whose limit was hit", async () => {
    const { children, totals } = await runStorm({ kills: 1, limitUp: 1, comm: 'leaf' });
    const [child] = children;
    expect(child?.limitCgroup).not.toBe(child?.cgroup);
    const own = totals.cgroups.find(({ path }) => path === child?.cgroup);
    expect(own?.oomKillAfter).toBe(1);
  });
});

needs(oomKills, version1).describe('a cgroup whose OOM killer is switched off', () => {
  it('is stuck at its limit, and nobody is reported to have been killed', async () => {
    const folder = join(memoryHierarchy() as string, `oomwatcher-stuck-${process.pid}`);
    mkdirSync(folder);
    const hog = spawn('sh', ['-c', 'read go; exec perl -e \'$x = "x" x (64 << 20); sleep 60\''], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    try {
      writeFileSync(join(folder, 'memory.limit_in_bytes'), String(16 << 20));
      writeFileSync(join(folder, 'memory.oom_control'), '1');
      writeFileSync(join(folder, 'cgroup.procs'), String(hog.pid));
      await using agent = await Agent.watching(['watch', '--json']);
      hog.stdin.end('\n');
      await expect.poll(() => isStuck(folder)).toBe(true);
      await sleep(300);
      expect(readFileSync(join(folder, 'memory.oom_control'), 'utf8')).toMatch(/oom_kill 0/);
      await agent.stop();
      expect(agent.kills('perl')).toEqual([]);
    } finally {
      hog.kill('SIGKILL');
      await new Promise((resolve) => hog.once('exit', resolve));
      await sleep(50);
      rmdirSync(folder);
    }
  });
});

function isStuck(folder: string): boolean {
  return /under_oom 1/.test(readFileSync(join(folder, 'memory.oom_control'), 'utf8'));
}
