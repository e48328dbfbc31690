import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kill } from '@oomwatcher/oom';
import { afterAll, expect, it } from 'vitest';
import { Agent } from '../support/agent.ts';
import { accountOf, pidsOf, recordedKills } from '../support/journal-of.ts';
import { adminKubeconfig, agentRights, grant, kubeconfigOf } from '../support/kube/access.ts';
import { kubectl, kubectlProgram, realApiServer } from '../support/kube/assets.ts';
import { FaultProxy } from '../support/kube/fault-proxy.ts';
import {
  createNode,
  createPod,
  eventsOf,
  totalCount,
  uniqueName,
} from '../support/kube/objects.ts';
import { sharedApiServer } from '../support/kube/shared.ts';
import { until } from '../support/kube/until.ts';
import { builtAgent, needs, oomKills } from '../support/needs.ts';
import { killReported, kubeletCgroup, runStorm, type StormChild } from '../support/storm.ts';

/** A global OOM as a kernel 6.1 logs it, as read(2) gives it. */
const systemOom = [
  '4,100,1000000,-;nginx invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=0',
  '6,101,1000100,-;oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/system.slice/nginx.service,task=nginx,pid=60867,uid=33',
  '3,102,1000200,-;Out of memory: Killed process 60867 (nginx) total-vm:175000kB, anon-rss:151000kB, file-rss:0kB, shmem-rss:0kB, UID:33 pgtables:340kB oom_score_adj:0',
  '',
].join('\n');

needs(builtAgent, realApiServer).describe('oomwatcher run --kubernetes', () => {
  const server = sharedApiServer();
  const folder = mkdtempSync(join(tmpdir(), 'oomwatcher-run-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  let states = 0;

  function run(nodeName: string, kubeconfig: string, more: string[] = []): string[] {
    const stateDir = more.includes('--state-dir')
      ? []
      : ['--state-dir', join(folder, `${++states}`)];
    return [
      ...['run', '--json', '--kubeconfig', kubeconfig, '--node-name', nodeName],
      ...stateDir,
      ...more,
    ];
  }

  const nodeEvents = (name: string) => eventsOf(server(), 'default', { kind: 'Node', name });
  const podEvents = (name: string) => eventsOf(server(), 'default', { kind: 'Pod', name });

  function capture(): string {
    const path = join(folder, 'system-oom.kmsg');
    writeFileSync(path, systemOom);
    return path;
  }

  const describeNode = (name: string) =>
    execFileSync(kubectlProgram, [
      ...['--kubeconfig', adminKubeconfig(server())],
      ...['describe', 'node', name],
    ]).toString();

  needs(kubectl).it('shows a system OOM in `kubectl describe node`, as kubelet does', async () => {
    const nodeName = uniqueName('node');
    const uid = await createNode(server(), nodeName);
    // Kubectl before 1.22 looks for the name in the place of the UID, which is what an agent that may not read the
    // Node writes.
    const old = kubectlMinor() < 22;
    const rights = agentRights.filter((right) => !old || right !== 'get nodes');
    const { kubeconfig } = await grant(server(), rights);
    const agent = new Agent(run(nodeName, kubeconfig, ['--source', capture()]));
    expect(await agent.exited).toEqual({ code: 0, signal: null });
    expect(await nodeEvents(nodeName)).toMatchObject([
      {
        type: 'Warning',
        reason: 'SystemOOM',
        message: 'System OOM encountered, victim process: nginx, pid: 60867',
        count: 1,
        involvedObject: { kind: 'Node', name: nodeName, uid: old ? nodeName : uid },
        source: { component: 'oomwatcher', host: nodeName },
      },
    ]);
    // Newer ones leave the host out.
    expect(describeNode(nodeName)).toMatch(
      new RegExp(
        `Warning +SystemOOM +\\S+ +oomwatcher(, ${nodeName})? +System OOM encountered, victim process: nginx, pid: 60867`,
      ),
    );
    // The same capture again, by an agent that remembers nothing.
    await new Agent(run(nodeName, kubeconfig, ['--source', capture()])).exited;
    expect(totalCount(await nodeEvents(nodeName))).toBe(1);
  });

  it('works without the API server, says so, and delivers when it comes', async () => {
    const nodeName = uniqueName('node');
    await createNode(server(), nodeName);
    await using proxy = await FaultProxy.start(server());
    const { kubeconfig } = await grant(server(), undefined, proxy.url);
    await proxy.goAway();
    const agent = new Agent(run(nodeName, kubeconfig, ['--source', capture()]));
    await agent.until('prints the kill', () => agent.kills()[0]);
    await agent.until('says that nobody answers', () =>
      agent.notices('kubernetes').find(({ sentence }) => /does not answer/.test(String(sentence))),
    );
    await proxy.comeBack();
    expect(await agent.exited).toEqual({ code: 0, signal: null });
    expect(totalCount(await nodeEvents(nodeName))).toBe(1);
  });

  it('ends when it is asked to, though an exec plug-in of the kubeconfig hangs', async () => {
    const plugin = { exec: { command: '/bin/sh', args: ['-c', 'sleep 1000000'] } };
    const kubeconfig = join(folder, 'hanging');
    writeFileSync(kubeconfig, kubeconfigOf(server(), server().url, plugin));
    const agent = new Agent(run('n', kubeconfig, ['--source', capture()]));
    await agent.until('says what it waits for', () =>
      agent
        .notices('kubernetes')
        .find(({ sentence }) => /exec plug-in sh .* gives no credentials/.test(String(sentence))),
    );
    expect(await agent.stop('SIGTERM')).toMatchObject({ signal: null });
    expect(agent.kills()).toHaveLength(1);
  });

  it('says what is missing where no cluster is configured', async () => {
    const agent = new Agent(run('n', join(folder, 'none'), ['--source', capture()]));
    expect((await agent.exited).code).toBe(1);
    expect(agent.stderr.at(-1)?.text).toMatch(
      /cannot read the kubeconfig .*: check what --kubeconfig names/,
    );
  });

  needs(oomKills).it('reports a real kill of its pod, once', async () => {
    const nodeName = uniqueName('node');
    await createNode(server(), nodeName);
    const { kubeconfig } = await grant(server());
    const pod = await createPod(server(), nodeName);
    const path = cgroupOf(pod.uid, pod.containerIds.app as string);
    await using agent = await Agent.watching(run(nodeName, kubeconfig));
    const truth = await killReported({ comm: 'kube-one', cgroups: [path] });
    // Kills before it, whose reports the kernel withheld, have events of their own.
    const itsEvents = async () =>
      (await podEvents(pod.name)).filter(({ message }) =>
        message?.includes(`killed process kube-one (pid ${truth.pid}`),
      );
    await until('the event', async () => (await itsEvents()).length > 0);
    await agent.stop();
    const kills = agent.kills('kube-one').filter(({ victim }) => victim?.pid === truth.pid);
    expect(kills).toMatchObject([
      { pod: { uid: pod.uid, namespace: 'default', name: pod.name, container: 'app' } },
    ]);
    const events = await itsEvents();
    expect(events).toMatchObject([
      {
        reason: 'OOMKilled',
        involvedObject: { uid: pod.uid, fieldPath: 'spec.containers{app}' },
        count: 1,
      },
    ]);
    expect(events[0]?.message).toContain('container app reached its memory limit of 16 MiB');
  });

  needs(oomKills).it('reports what happened while it was stopped, once, at its time', async () => {
    const nodeName = uniqueName('node');
    await createNode(server(), nodeName);
    const { kubeconfig } = await grant(server());
    const pod = await createPod(server(), nodeName);
    const path = cgroupOf(pod.uid, pod.containerIds.app as string);
    const args = run(nodeName, kubeconfig, ['--state-dir', join(folder, 'stopped')]);
    const first = await Agent.watching(args);
    await first.stop();
    const startMs = Date.now();
    const { pid } = await killReported({ comm: 'kube-gap', cgroups: [path] });
    const endMs = Date.now();
    // Kills before it, whose reports the kernel withheld, have events of their own.
    const itsEvents = async () =>
      (await podEvents(pod.name)).filter(({ message }) =>
        message?.includes(`killed process kube-gap (pid ${pid}`),
      );
    await sleep(3_000);
    await using second = await Agent.watching(args);
    await until('the event', async () => (await itsEvents()).length > 0);
    await second.stop();
    await using third = await Agent.watching(args);
    await third.stop();
    const events = await itsEvents();
    expect(events).toHaveLength(1);
    expect(events[0]?.count).toBe(1);
    // In whole seconds.
    const reportedMs = Date.parse(events[0]?.firstTimestamp ?? '');
    expect(reportedMs).toBeGreaterThan(startMs - 1_300);
    expect(reportedMs).toBeLessThan(endMs + 300);
  });

  needs(oomKills).it(
    'has every kill in its journal once and every event once though it is killed 20 times in a storm, and closes',
    async () => {
      const nodeName = uniqueName('node');
      await createNode(server(), nodeName);
      const { kubeconfig } = await grant(server());
      const pods = await Promise.all(
        Array.from({ length: 6 }, () => createPod(server(), nodeName)),
      );
      const cgroups = pods.map(({ uid, containerIds }) =>
        cgroupOf(uid, containerIds.app as string),
      );
      const stateDir = join(folder, 'killed');
      // The Node's events report every kill, those of pods only of kills whose place is known. What other
      // tests have killed is not of them.
      const args = run(nodeName, kubeconfig, [
        '--state-dir',
        stateDir,
        '--node-events',
        'all',
        '--lookback',
        '1s',
      ]);
      // Of this run alone: the log still holds the kills of an earlier one.
      const prefix = `e${process.pid % 10000}-`;
      await using first = await Agent.watching(args);
      const before = await accountOf(stateDir);
      expect(before.unaccounted).toBe(0);
      await first.stop('SIGKILL');

      const killed: StormChild[] = [];
      let storming = true;
      const storm = (async () => {
        for (let round = 0; storming; round++) {
          const comm = `${prefix}${round}-%i`;
          killed.push(...(await runStorm({ kills: 30, cgroups, parallel: 4, comm })).children);
        }
      })();
      const reported: Kill[] = [];
      try {
        for (let death = 0; death < 20; death++) {
          const agent = new Agent(args);
          // Every fourth dies somewhere in its start; were it all of them, the log would run over unread.
          if (death % 4 !== 3) await agent.until('watches', () => agent.notices('watching')[0]);
          await sleep(Math.random() * 600);
          await agent.stop('SIGKILL');
          reported.push(...agent.kills(prefix));
        }
      } finally {
        storming = false;
        await storm;
      }
      await using last = await Agent.watching(args);
      const pids = killed.map(({ pid }) => pid).sort();
      await expect.poll(() => pidsOf(recordedKills(stateDir, prefix)).sort()).toEqual(pids);
      const account = await accountOf(stateDir);
      const ofPods = async () =>
        (await Promise.all(pods.map(({ name }) => podEvents(name)))).map(totalCount);
      const reportedOfNode = async () => totalCount(await nodeEvents(nodeName));
      const recorded = recordedKills(stateDir, prefix);
      const inPods = pods.map(({ uid }) => recorded.filter(({ pod }) => pod?.uid === uid).length);
      const isReported = async () =>
        (await reportedOfNode()) >= killed.length && sum(await ofPods()) >= sum(inPods);
      await until('all events', isReported);
      await last.stop();
      reported.push(...last.kills(prefix));

      expect(last.notices('loss'), 'the log ran over unread, which is another test').toEqual([]);
      expect(killed.length, 'the storm went on all the while').toBeGreaterThan(50);
      expect(new Set(pidsOf(reported)).size, 'none is reported twice').toBe(reported.length);
      expect(account).toMatchObject({ unaccounted: 0, whileAway: before.whileAway });
      expect(account.kernelKills - before.kernelKills).toBeGreaterThanOrEqual(killed.length);

      // Kills of others on this machine are the node's too.
      const ofOthers = recordedKills(stateDir, '').length - killed.length;
      const reportedOnce = await reportedOfNode();
      expect(reportedOnce).toBeGreaterThanOrEqual(killed.length);
      expect(reportedOnce).toBeLessThanOrEqual(killed.length + ofOthers);
      expect(await ofPods()).toEqual(inPods);
      expect(await nodeEvents(nodeName)).toHaveLength(11);
      const placed = recorded.filter(({ pod }) => pod !== undefined).length;
      console.log(`${killed.length} kills over 20 deaths of the agent, ${placed} with their pod`);
    },
  );
});

const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);

function kubectlMinor(): number {
  const printed = execFileSync(kubectlProgram, ['version', '--client', '-o', 'json']).toString();
  return Number.parseInt(JSON.parse(printed).clientVersion.minor, 10);
}

/** The cgroup of a container, by the rules of kubeletCgroup. */
function cgroupOf(podUid: string, containerId: string): string {
  const { path, podUid: otherUid, containerId: otherId } = kubeletCgroup();
  return path
    .replace(otherUid.replaceAll('-', '_'), podUid.replaceAll('-', '_'))
    .replace(otherId, containerId);
}
