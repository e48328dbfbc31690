import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultTiming, type Timing } from '@oomwatcher/kubernetes';
import { expect, it, onTestFinished } from 'vitest';
import { agentRights, grant, kubeconfigOf, type Right, setRights } from '../support/kube/access.ts';
import { realApiServer } from '../support/kube/assets.ts';
import { FaultProxy } from '../support/kube/fault-proxy.ts';
import { InProcessAgent, podKill, someKill } from '../support/kube/in-process.ts';
import {
  type ApiEvent,
  createNamespace,
  createNode,
  createPod,
  deletePod,
  eventsOf,
  startContainers,
  totalCount,
  uniqueName,
} from '../support/kube/objects.ts';
import { sharedApiServer } from '../support/kube/shared.ts';
import { until } from '../support/kube/until.ts';
import { builtAgent, needs } from '../support/needs.ts';
import { root } from '../support/paths.ts';

const kills = 1_000;
const stormMs = 10_000;

/** That are in a storm at once: OOMWATCHER_NODES=300 takes longer than `npm test` has time for. */
const nodes = Number(process.env.OOMWATCHER_NODES ?? 100);

needs(builtAgent, realApiServer).describe('the events of a real API server', () => {
  const server = sharedApiServer();

  async function setUp(rights?: readonly Right[]) {
    const proxy = await FaultProxy.start(server());
    const access = await grant(server(), rights, proxy.url);
    const nodeName = uniqueName('node');
    const uid = await createNode(server(), nodeName);
    return { proxy, access, nodeName, uid, kubeconfig: access.kubeconfig };
  }

  const nodeEvents = (name: string) => eventsOf(server(), 'default', { kind: 'Node', name });
  const podEvents = (name: string, namespace = 'default') =>
    eventsOf(server(), namespace, { kind: 'Pod', name });

  async function storm(agent: InProcessAgent, uids: [string, string][]): Promise<void> {
    const slices = 100;
    for (let slice = 0; slice < slices; slice++) {
      const perSlice = kills / slices;
      agent.record(
        Array.from({ length: perSlice }, (_, i) => {
          const subject = (slice * perSlice + i) % (uids.length + 1);
          const pod = uids[subject - 1];
          return pod === undefined ? someKill() : podKill(...pod);
        }),
      );
      await sleep(stormMs / slices);
    }
  }

  async function stormWith(
    podCount: number,
    harm: (proxy: FaultProxy) => void | Promise<void>,
    timing: Partial<Timing> = {},
  ): Promise<{ requests: number; convergedMs: number }> {
    const { proxy, nodeName, kubeconfig } = await setUp();
    await using _ = proxy;
    const pods = await Promise.all(
      Array.from({ length: podCount }, () => createPod(server(), nodeName)),
    );
    await using agent = new InProcessAgent({ nodeName, kubeconfig, timing });
    await until('the pods are known', () => proxy.count('GET', 'watch=true') > 0);
    const before = proxy.requests.length;
    const harming = harm(proxy);
    const begunMs = performance.now();
    await storm(
      agent,
      pods.map(({ uid, containerIds }) => [uid, containerIds.app as string]),
    );
    await harming;
    const endedMs = performance.now();
    const stormSeconds = (endedMs - begunMs) / 1000;
    await agent.delivered();
    const convergedMs = Math.round(performance.now() - endedMs);
    const totals = await Promise.all([
      nodeEvents(nodeName),
      ...pods.map(({ name }) => podEvents(name)),
    ]);
    for (const events of totals) {
      expect(totalCount(events)).toBe(kills / (podCount + 1));
      expect(events).toHaveLength(11);
    }
    const requests = proxy.requests.length - before;
    console.log(`1000 kills in 10 s: ${requests} requests, converged ${convergedMs} ms after`);
    // On a busy machine the storm takes longer.
    expect(requests).toBeLessThan(120 * Math.max(1, stormSeconds / 10));
    return { requests, convergedMs };
  }

  it('add up to 1,000 kills in 10 s, with fewer than 120 requests', async () => {
    await stormWith(3, () => {});
  });

  it('add up to 1,000 kills when the server says 429, 500 or 503 half the time and is away for many pauses', async () => {
    const harm = async (proxy: FaultProxy) => {
      const harms = [
        { status: 429, headers: { 'retry-after': '1' } },
        { status: 500 },
        { status: 503 },
      ];
      let number = 0;
      proxy.fault = ({ method }) => {
        const harm = harms[number++ % 3];
        return method === 'GET' || harm === undefined || Math.random() < 0.5
          ? undefined
          : { kind: 'answer', ...harm };
      };
      await sleep(3_000);
      await proxy.goAway();
      await sleep(12_000);
      await proxy.comeBack();
    };
    await stormWith(1, harm, { maxPauseMs: 2_000 });
  });

  it('are there once when answers are lost and cut', async () => {
    const { proxy, nodeName, kubeconfig } = await setUp();
    await using _ = proxy;
    const faults = ['lost answer', 'cut', 'reset'] as const;
    proxy.fault = ({ method }) =>
      method !== 'GET' && Math.random() < 0.5
        ? { kind: faults[Math.trunc(Math.random() * 3)] ?? 'reset' }
        : undefined;
    await using agent = new InProcessAgent({
      nodeName,
      kubeconfig,
      timing: { maxPauseMs: 500, coalesceMs: 500 },
    });
    for (let i = 0; i < 10; i++) {
      agent.record([someKill(), someKill(), someKill()]);
      await sleep(200);
    }
    await agent.delivered();
    const events = await nodeEvents(nodeName);
    expect(events).toHaveLength(11);
    expect(totalCount(events)).toBe(30);
  });

  it.each(agentRights)('lack what RBAC does not grant (%s), and it is said', async (missing) => {
    const { proxy, access, nodeName, kubeconfig } = await setUp(
      agentRights.filter((right) => right !== missing),
    );
    await using _ = proxy;
    const pod = await createPod(server(), nodeName);
    await using agent = new InProcessAgent({
      nodeName,
      kubeconfig,
      timing: { parkMs: 1_000, coalesceMs: 100 },
    });
    await until(
      'the pods are known',
      () => missing === 'list pods' || proxy.count('GET', 'watch=true') > 0,
    );
    // In two parts, so that a combined event has to change.
    agent.record(Array.from({ length: 11 }, () => someKill()));
    await sleep(500);
    agent.record([someKill(), someKill(), podKill(pod.uid, pod.containerIds.app as string)]);
    const [verb, resource] = missing.split(' ') as [string, string];
    const refused = () => agent.reported.filter((sentence) => sentence.includes('may not'));
    await until('it is said', () => refused().length > 0);
    // What is said twice is said now.
    await sleep(1_000);
    const about = refused();
    expect(new Set(about).size).toBe(about.length);
    expect(about[0]).toMatch(new RegExp(`may not ${verb} (the node|${resource}).*: grant it`));
    expect(proxy.requests.length).toBeLessThan(40);

    await setRights(server(), access, agentRights);
    await agent.delivered();
    expect(totalCount(await nodeEvents(nodeName))).toBe(13);
    expect(totalCount(await podEvents(pod.name))).toBe(1);
  });

  it('carry the UID of the Node as it is now, or its name where it cannot be known', async () => {
    const { proxy, nodeName, uid, kubeconfig } = await setUp();
    await using _ = proxy;
    await using agent = new InProcessAgent({ nodeName, kubeconfig, timing: { nodeMaxAgeMs: 0 } });
    const newestUid = async () => {
      const kill = someKill();
      agent.record([kill]);
      await agent.delivered();
      const events = await nodeEvents(nodeName);
      const event = events.find(({ message }) => message.endsWith(`pid: ${kill.victim?.pid}`));
      return event?.involvedObject.uid;
    };
    expect(await newestUid()).toBe(uid);
    await server().do('DELETE', `/api/v1/nodes/${nodeName}`);
    expect(await newestUid()).toBe(nodeName);
    expect(agent.reported.join()).toContain(`there is no node ${nodeName} in the cluster`);
    const newUid = await createNode(server(), nodeName);
    expect(newUid).not.toBe(uid);
    expect(await newestUid()).toBe(newUid);
  });

  it('are found by the selectors that docs/replacing.md names', async () => {
    const { proxy, nodeName, kubeconfig } = await setUp();
    await using _ = proxy;
    const pod = await createPod(server(), nodeName);
    await using agent = new InProcessAgent({ nodeName, kubeconfig });
    agent.record([someKill(), podKill(pod.uid, pod.containerIds.app as string)]);
    await agent.delivered();
    const page = readFileSync(join(root, 'docs/replacing.md'), 'utf8');
    const found: string[] = [];
    for (const [, selector = ''] of page.matchAll(/--field-selector (\S+)$/gm)) {
      const path = `/api/v1/events?fieldSelector=${encodeURIComponent(selector)}`;
      const { items } = await server().do<{ items: ApiEvent[] }>('GET', path);
      found.push(...items.map(({ reason, involvedObject: { name } }) => `${reason} ${name}`));
    }
    expect(found).toContain(`SystemOOM ${nodeName}`);
    expect(found).toContain(`OOMKilled ${pod.name}`);
  });

  it('name a pod that came after an hour of silence on the watch', async () => {
    const { proxy, nodeName, kubeconfig } = await setUp();
    await using _ = proxy;
    // 290 s are 1 s here: the silence lasts as many watches as an hour has.
    await using agent = new InProcessAgent({
      nodeName,
      kubeconfig,
      timing: { watchMs: 1_000, watchGraceMs: 200, missPauseMs: 100, requestTimeoutMs: 1_000 },
    });
    await until('the pods are watched', () => proxy.count('GET', 'watch=true') > 0);
    proxy.fallSilent();
    await sleep(13_000);
    proxy.speakAgain();
    const pod = await createPod(server(), nodeName, { containers: ['app', 'log'] });
    agent.record([podKill(pod.uid, pod.containerIds.log as string)]);
    await agent.delivered();
    expect(await podEvents(pod.name)).toMatchObject([
      { involvedObject: { uid: pod.uid, fieldPath: 'spec.containers{log}' } },
    ]);
    expect(agent.journal.find({ limit: 1 })[0]?.kill.pod).toMatchObject({
      namespace: 'default',
      name: pod.name,
      container: 'log',
    });
  });

  it('go on being found by watches on a quiet node, with no list', async () => {
    const { proxy, nodeName, kubeconfig } = await setUp();
    await using _ = proxy;
    await using agent = new InProcessAgent({ nodeName, kubeconfig, timing: { watchMs: 1_000 } });
    await until('five watches', () => proxy.count('GET', 'watch=true') >= 5);
    const lists = () => proxy.count('GET', 'limit=');
    expect(lists()).toBe(1);
    const pod = await createPod(server(), nodeName);
    const killInPod = () => podKill(pod.uid, pod.containerIds.app as string);
    await until('the pod is known', () => agent.enrich(killInPod()).pod?.name !== undefined);
    agent.record([killInPod()]);
    // Named at once, from memory.
    expect(agent.journal.find({ limit: 1 })[0]?.kill.pod?.name).toBe(pod.name);
    expect(lists()).toBe(1);
  });

  it('name a pod that is gone, an init container, a static pod, and a container that has just begun', async () => {
    const { proxy, nodeName, kubeconfig } = await setUp();
    await using _ = proxy;
    const hash = 'c0ffee'.padEnd(32, '0');
    const gone = await createPod(server(), nodeName, { initContainers: ['setup'] });
    const fixed = await createPod(server(), nodeName, {
      annotations: { 'kubernetes.io/config.mirror': hash, 'kubernetes.io/config.hash': hash },
    });
    const young = await createPod(server(), nodeName, { started: false });
    // Kubelet's own word for the static pod's UID; the annotations alone decide nothing.
    const podLogs = mkdtempSync(join(tmpdir(), 'oomwatcher-logs-'));
    onTestFinished(() => rmSync(podLogs, { recursive: true }));
    mkdirSync(join(podLogs, `default_${fixed.name}_${hash}`));
    await using agent = new InProcessAgent({
      nodeName,
      kubeconfig,
      podLogs,
      timing: { missPauseMs: 200 },
    });
    await until('the pods are watched', () => proxy.count('GET', 'watch=true') > 0);
    await deletePod(server(), gone);
    await sleep(500);
    agent.record([
      podKill(gone.uid, gone.containerIds.setup as string),
      podKill(hash, fixed.containerIds.app as string),
      podKill(young.uid, young.containerIds.app as string),
    ]);
    await sleep(500);
    await startContainers(server(), young);
    await agent.delivered();
    expect(await podEvents(gone.name)).toMatchObject([
      { involvedObject: { uid: gone.uid, fieldPath: 'spec.initContainers{setup}' } },
    ]);
    expect(await podEvents(fixed.name)).toMatchObject([{ involvedObject: { uid: hash } }]);
    expect(await podEvents(young.name)).toMatchObject([
      {
        message: expect.stringContaining('of container app'),
        involvedObject: { fieldPath: 'spec.containers{app}' },
      },
    ]);
  });

  it('are given up for a pod whose namespace is gone, and nobody waits for them', async () => {
    const { proxy, nodeName, kubeconfig } = await setUp();
    await using _ = proxy;
    const namespace = uniqueName('doomed');
    await createNamespace(server(), namespace);
    const pod = await createPod(server(), nodeName, { namespace });
    await using agent = new InProcessAgent({ nodeName, kubeconfig });
    await until('the pods are watched', () => proxy.count('GET', 'watch=true') > 0);
    // Nobody finalizes here, so that the namespace stays "terminating".
    await server().do('DELETE', `/api/v1/namespaces/${namespace}`);
    agent.record([podKill(pod.uid, pod.containerIds.app as string), someKill()]);
    await agent.delivered();
    expect(totalCount(await nodeEvents(nodeName))).toBe(1);
    expect(agent.health).toMatchObject({ ok: true, failures: 0, givenUp: 1 });
  });

  it(`of ${nodes} nodes in a storm at once are exact, and no node asks more than it may`, async () => {
    const perNode = 60;
    const { token } = await grant(server());
    const setUpNode = async () => {
      const nodeName = uniqueName('many');
      await createNode(server(), nodeName);
      const pod = await createPod(server(), nodeName);
      // One for each: it sees who asks.
      const proxy = await FaultProxy.start(server());
      const kubeconfig = join(server().folder, `${nodeName}.kubeconfig`);
      writeFileSync(kubeconfig, kubeconfigOf(server(), proxy.url, { token }));
      return { nodeName, pod, proxy, agent: new InProcessAgent({ nodeName, kubeconfig }) };
    };
    const all: Awaited<ReturnType<typeof setUpNode>>[] = [];
    try {
      for (let node = 0; node < nodes; node++) all.push(await setUpNode());
      for (const { proxy } of all)
        await until('the pods are known', () => proxy.count('GET', 'watch=true') > 0);
      const turns = monitorEventLoopDelay();
      turns.enable();
      const begunMs = Date.now();
      for (let part = 0; part < 3; part++) {
        for (const { agent, pod } of all) {
          const inPod = () => podKill(pod.uid, pod.containerIds.app as string);
          agent.record(Array.from({ length: perNode / 6 }, () => [someKill(), inPod()]).flat());
        }
        await sleep(300);
      }
      for (const { agent } of all) await agent.delivered();
      const seconds = (Date.now() - begunMs) / 1000;
      turns.disable();
      const lateMs = 500 + turns.max / 1e6;

      const counts = new Map(
        all.flatMap(({ nodeName, pod }) => [
          [nodeName, 0],
          [pod.name, 0],
        ]),
      );
      const { items } = await server().do<{ items: Awaited<ReturnType<typeof nodeEvents>> }>(
        'GET',
        '/api/v1/namespaces/default/events',
      );
      for (const { involvedObject, count } of items) {
        const sum = counts.get(involvedObject.name);
        if (sum !== undefined) counts.set(involvedObject.name, sum + count);
      }
      expect([...counts.values()]).toEqual(Array(2 * nodes).fill(perNode / 2));

      const writes = all.map(({ proxy }) =>
        proxy.requests
          .filter(({ atMs, method }) => atMs >= begunMs && method !== 'GET')
          .map(({ atMs }) => atMs),
      );
      for (const times of writes) expect(maxOverBurst(times, lateMs)).toBeLessThanOrEqual(burst);
      const whole = writes.flat().sort((a, b) => a - b);
      // A rate that all of them together may have is that of one, so many times.
      expect(maxInSecond(whole)).toBeLessThanOrEqual(nodes * (burst + perSecond));
      const most = Math.max(...writes.map(({ length }) => length));
      // Two subjects, each with ten events and one that grows every five seconds at most.
      expect(most).toBeLessThanOrEqual(2 * (11 + seconds / 5));
      console.log(
        `${nodes} nodes, ${perNode} kills each: converged in ${seconds.toFixed(1)} s; ` +
          `${whole.length} requests, at most ${most} of one node and ${maxInSecond(whole)} in a second`,
      );
    } finally {
      for (const { agent, proxy } of all) {
        await agent[Symbol.asyncDispose]();
        await proxy[Symbol.asyncDispose]();
      }
    }
  });
});

/** What a node may write at once, and then every second (src/kubernetes/timing.ts). */
const { burstRequests: burst, requestsPerSecond: perSecond } = defaultTiming;

/**
 * How many requests of one node exceed what it gains by time, at the worst moment.
 *
 * @param lateMs so much later than another one may arrive after its own sending: this process is busy
 */
function maxOverBurst(times: readonly number[], lateMs: number): number {
  let most = 0;
  for (let first = 0; first < times.length; first++) {
    for (let last = first; last < times.length; last++) {
      const ms = (times[last] as number) - (times[first] as number) + lateMs;
      most = Math.max(most, last - first + 1 - (ms / 1000) * perSecond);
    }
  }
  return most;
}

/** @param times ascending */
function maxInSecond(times: readonly number[]): number {
  let most = 0;
  for (let first = 0, last = 0; last < times.length; last++) {
    while ((times[last] as number) - (times[first] as number) >= 1000) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
