import { chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kill } from '@oomwatcher/oom';
import { afterAll, expect, it } from 'vitest';
import { grant } from '../support/kube/access.ts';
import type { ApiServer } from '../support/kube/api-server.ts';
import { realApiServer } from '../support/kube/assets.ts';
import { FaultProxy } from '../support/kube/fault-proxy.ts';
import { InProcessAgent, podKill, someKill } from '../support/kube/in-process.ts';
import {
  createNamespace,
  createNode,
  createPod,
  deletePod,
  eventsOf,
  type TestPod,
  totalCount,
  uniqueName,
} from '../support/kube/objects.ts';
import { sharedApiServer } from '../support/kube/shared.ts';
import { until } from '../support/kube/until.ts';
import { builtAgent, needs } from '../support/needs.ts';

const mergePatch = 'application/merge-patch+json';
const asRoot = process.getuid?.() === 0 ? undefined : 'only root can give a folder away';

/** What a tenant has at hand: everything of his own pod, and what he knows of another's. */
interface Attack {
  server: ApiServer;
  nodeName: string;
  own: TestPod;
  victim: TestPod;
  /** The UID of a static pod of the node. */
  fixedUid: string;
  /** Of the node. */
  cgroups: string;
}

const podPath = ({ namespace, name }: TestPod) => `/api/v1/namespaces/${namespace}/pods/${name}`;

const metadata = ({ server, own }: Attack, more: object) =>
  server.do('PATCH', podPath(own), { metadata: more }, mergePatch);

/** Makes another pod the tenant's own one. */
const another = async (attack: Attack, annotations: Record<string, string>) => {
  const { namespace } = attack.own;
  attack.own = await createPod(attack.server, attack.nodeName, { namespace, annotations });
};

const status = ({ server, own }: Attack, containerStatuses: object[]) =>
  server.do('PATCH', `${podPath(own)}/status`, { status: { containerStatuses } }, mergePatch);

const running = (name: string, id: string | undefined, more: object = {}) => ({
  name,
  containerID: `containerd://${id}`,
  image: 'none',
  imageID: '',
  ready: true,
  restartCount: 0,
  ...more,
});

const inCgroup = (uid: string, id: string | undefined, above = '') =>
  `${above}/kubepods/burstable/pod${uid}/${id}`;

/** A kill that its path says to be the victim's. */
const imitated = ({ victim }: Attack, above: string): Kill[] => {
  const id = victim.containerIds.app as string;
  return [podKill(victim.uid, id, { cgroup: { victim: inCgroup(victim.uid, id, above) } })];
};

/** Returns kills that the attacker makes happen, and that are not the victim's. */
const attacks: Record<string, (attack: Attack) => Promise<unknown> | Kill[]> = {
  'config.hash: <its UID>': (a) =>
    metadata(a, { annotations: { 'kubernetes.io/config.hash': a.victim.uid } }),
  // A pod may have it only from the beginning.
  'config.mirror: <its UID>': (a) => another(a, { 'kubernetes.io/config.mirror': a.victim.uid }),
  'a whole mirror pod, owned by the Node': async (a) => {
    await another(a, {
      'kubernetes.io/config.hash': a.victim.uid,
      'kubernetes.io/config.mirror': a.victim.uid,
      'kubernetes.io/config.source': 'file',
    });
    const path = `/api/v1/nodes/${a.nodeName}`;
    const { uid } = (await a.server.do<{ metadata: { uid: string } }>('GET', path)).metadata;
    return metadata(a, {
      ownerReferences: [
        { apiVersion: 'v1', kind: 'Node', name: a.nodeName, uid, controller: true },
      ],
    });
  },
  'config.hash: <the UID of a static pod>': (a) =>
    metadata(a, { annotations: { 'kubernetes.io/config.hash': a.fixedUid } }),
  "labels of a container's own": (a) =>
    metadata(a, {
      labels: {
        'io.kubernetes.pod.uid': a.victim.uid,
        'io.kubernetes.pod.name': a.victim.name,
        'io.kubernetes.pod.namespace': a.victim.namespace,
      },
    }),
  "a container's id in its status": (a) => status(a, [running('app', a.victim.containerIds.app)]),
  "a container's id in its last state": (a) =>
    status(a, [
      running('app', a.own.containerIds.app, {
        lastState: {
          terminated: { exitCode: 137, containerID: `containerd://${a.victim.containerIds.app}` },
        },
      }),
    ]),
  'a deleted pod with its UID in an annotation': async (a) => {
    const annotations = { 'kubernetes.io/config.hash': a.victim.uid };
    const other = await createPod(a.server, a.nodeName, {
      namespace: a.own.namespace,
      annotations,
    });
    await deletePod(a.server, other);
  },
  'its name in another namespace': async (a) => {
    await createPod(a.server, a.nodeName, { namespace: a.own.namespace, name: a.victim.name });
  },
  'its name, and its cgroup below the own one': async (a) => {
    await createPod(a.server, a.nodeName, { namespace: a.own.namespace, name: a.victim.name });
    return imitated(a, inCgroup(a.own.uid, a.own.containerIds.app));
  },
  'its cgroup below the own one': (a) => imitated(a, inCgroup(a.own.uid, a.own.containerIds.app)),
  "its cgroup below a user's": (a) => {
    const user = '/user.slice/user-1000.slice/user@1000.service';
    const made = join(a.cgroups, user, 'kubepods');
    mkdirSync(made, { recursive: true });
    for (const folder of [join(a.cgroups, user), made]) chownSync(folder, 1000, 1000);
    return imitated(a, user);
  },
  "its cgroup below a user's that is gone": (a) =>
    imitated(a, '/user.slice/user-1001.slice/user@1001.service'),
  "a process of the victim's name": ({ own, victim }) => [
    podKill(own.uid, own.containerIds.app as string, {
      victim: { pid: 7, name: `${victim.name}, pid: 1` },
      cgroup: { victim: inCgroup(own.uid, own.containerIds.app) },
    }),
  ],
};

needs(builtAgent, realApiServer).describe('a tenant', () => {
  const server = sharedApiServer();
  const folder = mkdtempSync(join(tmpdir(), 'oomwatcher-tenants-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  async function setUp(): Promise<Attack & { podLogs: string; fixed: TestPod }> {
    const nodeName = uniqueName('node');
    await createNode(server(), nodeName);
    const [theirs, mine] = [uniqueName('shop'), uniqueName('tenant')];
    for (const name of [theirs, mine]) await createNamespace(server(), name);
    const victim = await createPod(server(), nodeName, { namespace: theirs });
    const own = await createPod(server(), nodeName, { namespace: mine });
    const fixedUid = 'c0ffee'.padEnd(32, '0');
    const fixed = await createPod(server(), nodeName, { namespace: theirs });
    const podLogs = join(folder, `${nodeName}-logs`);
    mkdirSync(join(podLogs, `${theirs}_${fixed.name}_${fixedUid}`), { recursive: true });
    const cgroups = join(folder, `${nodeName}-cgroups`);
    mkdirSync(join(cgroups, 'kubepods'), { recursive: true });
    return { server: server(), nodeName, own, victim, fixed, fixedUid, podLogs, cgroups };
  }

  const reported = async ({ namespace, name }: TestPod) =>
    totalCount(await eventsOf(server(), namespace, { kind: 'Pod', name }));

  it.each(Object.keys(attacks))(
    'takes no event of another pod, and hides none of his own, by %s',
    async (name) => {
      if (name.includes("a user's") && asRoot !== undefined) return;
      const attack = await setUp();
      const { victim, fixed, fixedUid, nodeName, podLogs, cgroups } = attack;
      await using proxy = await FaultProxy.start(server());
      const { kubeconfig } = await grant(server(), undefined, proxy.url);
      await using agent = new InProcessAgent({ nodeName, kubeconfig, podLogs, cgroups });
      await until('the pods are watched', () => proxy.count('GET', 'watch=true') > 0);
      const made = await attacks[name]?.(attack);
      const { own } = attack;
      // A pod that comes after it is watched: so is what came before.
      const last = await createPod(server(), nodeName);
      const id = last.containerIds.app as string;
      await until('the attack is known', () => {
        const kill = podKill(last.uid, id);
        return agent.enrich(kill).pod?.container === 'app';
      });
      const kills: Kill[] = Array.isArray(made) ? made : [];
      const at = (pod: TestPod, uid = pod.uid): Kill => {
        const containerId = pod.containerIds.app as string;
        return podKill(uid, containerId, { cgroup: { victim: inCgroup(uid, containerId) } });
      };
      agent.record([at(victim), at(victim), at(own), at(fixed, fixedUid), someKill(), ...kills]);
      await agent.delivered();
      const isOwn = kills.some((kill) => agent.enrich(kill).pod?.uid === own.uid);
      expect([await reported(victim), await reported(own), await reported(fixed)]).toEqual([
        2,
        isOwn ? 2 : 1,
        1,
      ]);
      const { items } = await server().do<{ items: unknown[] }>(
        'GET',
        `/api/v1/namespaces/${own.namespace}/events`,
      );
      expect(items).toHaveLength(isOwn ? 2 : 1);
    },
  );
});
