import { expect, it } from 'vitest';
import { temporaryFolder } from '../packages/kmsg/test/support/temporary.ts';
import { Agent } from './support/agent.ts';
import { oomKills } from './support/needs.ts';
import { describeSources } from './support/sources.ts';
import { killOne, killReported, kubeletCgroup } from './support/storm.ts';

describeSources('a real OOM kill', [oomKills], (source) => {
  it.each([[[]], [['watch']]])('is a line for people: oomwatcher %s', async (args) => {
    const state = temporaryFolder();
    const command = args.length === 0 ? ['--state-dir', state] : args;
    await using agent = await Agent.watching(command, { source });
    const truth = await killReported({ comm: 'one-human' });
    const line = await agent.until('prints the kill', () =>
      agent.stdout.find(({ text }) => text.includes(`one-human (pid ${truth.pid})`)),
    );
    expect(line.text).toContain(truth.cgroup);
    // Not always 16.0: each processor charges up to 64 pages in advance and may give them back before the kernel prints.
    expect(line.text).toMatch(/used 1(?:5\.\d|6\.0) MiB of 16\.0 MiB/);
  });

  it('is a whole Kill with the time of its death: oomwatcher watch --json', async () => {
    await using agent = await Agent.watching(['watch', '--json'], { source });
    const container = kubeletCgroup();
    const beforeMs = Date.now();
    const truth = await killReported({ comm: 'one-json', cgroups: [container.path] });
    const kill = await agent.until('prints the kill', () => agent.killOf(truth.pid));
    expect(kill).toMatchObject({
      complete: true,
      scope: 'container',
      constraint: 'memcg',
      victim: { pid: truth.pid, name: 'one-json', uid: 0 },
      cgroup: { victim: truth.cgroup, limit: truth.cgroup, from: 'log' },
      container: { id: container.containerId, runtime: 'containerd' },
      pod: { uid: container.podUid, qos: 'burstable' },
      memory: { limitKiB: 16384 },
    });
    expect(kill.memory?.usageKiB).toBeGreaterThan(15 * 1024);
    expect(kill.victim?.anonRssKiB).toBeGreaterThan(12 * 1024);
    expect(kill.id).toBe(`${kill.bootId}:${kill.seq}`);
    // The kernel's clock of its log is a tick behind at most.
    const timeMs = Date.parse(kill.time as string);
    expect(timeMs).toBeGreaterThan(beforeMs - 100);
    expect(timeMs).toBeLessThan(Date.now() + 100);
  });

  it('on a pod that has reached its limit is not charged to the container', async () => {
    await using agent = await Agent.watching(['watch', '--json'], { source });
    const truth = await killReported({
      comm: 'one-pod',
      cgroups: [kubeletCgroup().path],
      limitUp: 1,
    });
    const kill = await agent.until('prints the kill', () => agent.killOf(truth.pid));
    expect(kill).toMatchObject({
      scope: 'pod',
      cgroup: { victim: truth.cgroup, limit: truth.limitCgroup },
    });
  });

  it('from before the start is reported only with --from boot', async () => {
    const truth = await killOne({ comm: 'one-before' });
    await using boot = await Agent.watching(['watch', '--json', '--from', 'boot'], { source });
    await boot.until('prints the old kill', () =>
      boot.kills('one-before').find(({ victim }) => victim?.pid === truth.pid),
    );
    await using now = await Agent.watching(['watch', '--json'], { source });
    await killOne({ comm: 'one-after' });
    await now.until('prints the new kill', () => now.kills('one-after')[0]);
    expect(now.kills('one-before')).toEqual([]);
  });
});
