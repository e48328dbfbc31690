import { chownSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Kill } from '@oomwatcher/oom';
import { describe, expect, test } from 'vitest';
import { needs, otherUser } from '../../../test/support/needs.ts';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { bareKill } from '../../oom/test/support/kills.js';
import { PodPlace, podsIn } from '../src/pod-place.js';

const uidA = '11111111-1111-1111-1111-111111111111';
const uidB = '22222222-2222-2222-2222-222222222222';
const idA = 'a'.repeat(64);
const idB = 'b'.repeat(64);

/** A node with the cgroup of kubelet. */
function node(...folders: string[]): string {
  const cgroups = temporaryFolder();
  for (const folder of folders) mkdirSync(join(cgroups, folder), { recursive: true });
  return cgroups;
}

function killAt(path: string, uid: string, id: string) {
  return { ...bareKill, cgroup: { victim: path }, pod: { uid }, container: { id } };
}

const nobody = () => false;
const own = `/kubepods/burstable/pod${uidA}/${idA}`;
const others = `kubepods/burstable/pod${uidB}/${idB}`;

describe('the pods in a path', () => {
  test.each([
    [own, [['/kubepods', uidA, idA]]],
    [`${own}/init/deeper`, [['/kubepods', uidA, idA]]],
    [
      `${own}/${others}`,
      [
        ['/kubepods', uidA, idA],
        [`${own}/kubepods`, uidB, idB],
      ],
    ],
    [
      `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${uidA.replaceAll('-', '_')}.slice/cri-containerd-${idA}.scope`,
      [['/kubepods.slice', uidA, idA]],
    ],
    [
      `/system.slice/containerd.service/kubepods-burstable-pod${uidA.replaceAll('-', '_')}.slice:cri-containerd:${idA}`,
      [['/system.slice/containerd.service', uidA, idA]],
    ],
    [
      `/docker/${idB}/kubelet/kubepods/pod${uidA}/${idA}`,
      [[`/docker/${idB}/kubelet/kubepods`, uidA, idA]],
    ],
    ['/system.slice/nginx.service', []],
  ])('%s', (path, expected) => {
    const found = podsIn(path).map(({ root, pod, container }) => [root, pod.uid, container?.id]);
    expect(found).toEqual(expected);
  });
});

describe('a kill', () => {
  test('is of the pod in whose cgroup it was, below the one that kubelet made', () => {
    const kill = killAt(own, uidA, idA);
    expect(new PodPlace(node('kubepods')).ofNode(kill, nobody)).toBe(kill);
    expect(new PodPlace(node('memory/kubepods')).ofNode(kill, nobody)).toBe(kill);
  });

  test('of a cgroup that a container made is of the container’s pod, though it imitates another’s', () => {
    const kill = killAt(`${own}/${others}`, uidB, idB);
    const reported = new PodPlace(node('kubepods', join(own, 'kubepods'))).ofNode(kill, () => true);
    expect(reported).toMatchObject({ pod: { uid: uidA }, container: { id: idA } });
    // The API server knows only the imitated one by now.
    const known = (uid: string) => uid === uidB;
    expect(new PodPlace(node('kubepods')).ofNode(kill, known).pod?.uid).toBe(uidA);
  });

  const given = [
    '/user.slice/user-1000.slice/user@1000.service',
    '/system.slice/batch.service',
    '/machine.slice/libpod-1.scope',
  ];
  for (const delegated of given)
    needs(otherUser).test(
      `of a cgroup below one that is given to a user (${delegated}) is of no pod`,
      () => {
        const cgroups = node('kubepods', join(delegated, others));
        for (const folder of [delegated, join(delegated, 'kubepods')])
          chownSync(join(cgroups, folder), 1000, 1000);
        const kill = killAt(`${delegated}/${others}`, uidB, idB);
        const place = new PodPlace(cgroups);
        const reported = place.ofNode(kill, () => true);
        expect([reported.pod, reported.container]).toEqual([undefined, undefined]);
        expect(reported.cgroup).toEqual(kill.cgroup);
        // And when all of it is gone before the agent looks.
        rmSync(join(cgroups, delegated.split('/')[1] as string), { recursive: true });
        expect(place.ofNode(kill, () => true).pod).toBeUndefined();
      },
    );

  test('is known by its path where the agent sees a part of the hierarchy only, as in kind', () => {
    const path = `/docker/${idB}/kubelet/kubepods/pod${uidA}/${idA}`;
    const place = new PodPlace(node('kubelet/kubepods'));
    expect(place.ofNode(killAt(path, uidA, idA), nobody).pod?.uid).toBe(uidA);
    // In a pod of an outer cluster, which this API server does not know.
    const nested = killAt(`${own}/${others}`, uidB, idB);
    expect(place.ofNode(nested, (uid) => uid === uidB).pod?.uid).toBe(uidB);
    expect(place.ofNode(nested, nobody).pod?.uid).toBe(uidA);
  });

  test('in a cluster that runs in a pod is of the node’s pod, and the inner one is told too', () => {
    const limit = `${own}/kubepods/burstable/pod${uidB}`;
    const kill: Kill = { ...killAt(`${own}/${others}`, uidA, idA), scope: 'cgroup' };
    const nested: Kill = { ...kill, cgroup: { ...kill.cgroup, limit } };
    const inner = { pod: { uid: uidB, qos: 'burstable' }, container: { id: idB } };
    const outer = new PodPlace(node('kubepods')).ofNode(nested, nobody);
    expect(outer).toMatchObject({ scope: 'cgroup', pod: { uid: uidA }, inner });
    // The agent is in the inner cluster, and sees its part of the hierarchy.
    const inside = new PodPlace(node('sub')).ofNode(
      { ...nested, inner: {} },
      (uid) => uid === uidB,
    );
    expect(inside).toMatchObject({ scope: 'pod', pod: { uid: uidB }, container: { id: idB } });
    expect(inside.inner).toBeUndefined();
  });

  test.each([`/${'x'.repeat(5_000)}/${others}`, `/a\0b/${others}`, `/../${others}`, others])(
    'whose path is no path of the file system harms nobody',
    (path) => {
      expect(() =>
        new PodPlace(node('kubepods')).ofNode(killAt(path, uidB, idB), nobody),
      ).not.toThrow();
    },
  );

  test('of no pod, or without a path, stays as it is', () => {
    const place = new PodPlace(node('kubepods'));
    expect(place.ofNode(bareKill, nobody)).toBe(bareKill);
    const placeless = { ...bareKill, pod: { uid: uidA } };
    expect(place.ofNode(placeless, nobody)).toBe(placeless);
  });
});
