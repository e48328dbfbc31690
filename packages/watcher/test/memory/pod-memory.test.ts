import { chownSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { needs, otherUser } from '../../../../test/support/needs.ts';
import { readPodMemory } from '../../src/index.js';
import { podCgroups } from '../support/pod-cgroups.js';

const uid = (digit: number) => `${String(digit).repeat(8)}-1111-1111-1111-111111111111`;
const slice = (digit: number) =>
  `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${uid(digit).replaceAll('-', '_')}.slice`;

describe.each([1, 2] as const)('the pods of a v%i hierarchy', (version) => {
  test('are told by what they hold without page cache, with the limit that is in force', () => {
    const hierarchy = podCgroups(version, [
      { path: `/kubepods/pod${uid(1)}`, usageKiB: 900, fileKiB: 850, shmemKiB: 50 },
      { path: `/kubepods/burstable/pod${uid(2)}`, usageKiB: 500, limitKiB: 800 },
      { path: `/kubepods/besteffort/pod${uid(3)}`, usageKiB: 300, fileKiB: 200, shmemKiB: 200 },
    ]);
    expect(readPodMemory(hierarchy)).toEqual({
      paths: expect.arrayContaining([expect.any(String)]),
      biggest: [
        {
          path: `/kubepods/burstable/pod${uid(2)}`,
          uid: uid(2),
          qos: 'burstable',
          usageKiB: 500,
          fileKiB: 0,
          limitKiB: 800,
        },
        // Files in tmpfs are held, though the kernel counts them with page cache.
        {
          path: `/kubepods/besteffort/pod${uid(3)}`,
          uid: uid(3),
          qos: 'besteffort',
          usageKiB: 300,
          fileKiB: 0,
        },
        {
          path: `/kubepods/pod${uid(1)}`,
          uid: uid(1),
          qos: 'guaranteed',
          usageKiB: 900,
          fileKiB: 800,
        },
      ],
    });
  });

  test('are found below the slices of systemd', () => {
    const hierarchy = podCgroups(version, [{ path: slice(4), usageKiB: 9 }]);
    expect(readPodMemory(hierarchy)?.biggest).toMatchObject([{ path: slice(4), uid: uid(4) }]);
  });

  test('are not what a container has made below itself in the name of another pod', () => {
    const own = `/kubepods/burstable/pod${uid(1)}`;
    const hierarchy = podCgroups(version, [
      { path: own, usageKiB: 9 },
      { path: `${own}/${'c'.repeat(64)}/kubepods/pod${uid(2)}`, usageKiB: 7 },
      { path: `/user.slice/user-7.slice/kubepods/pod${uid(3)}`, usageKiB: 8 },
    ]);
    expect(readPodMemory(hierarchy)?.biggest.map((pod) => pod.uid)).toEqual([uid(1)]);
  });

  test('that go while they are read are left out', () => {
    const path = (digit: number) => `/kubepods/pod${uid(digit)}`;
    const hierarchy = podCgroups(version, [
      { path: path(1), usageKiB: 9 },
      { path: path(2), usageKiB: 8 },
    ]);
    rmSync(join(hierarchy.root, path(1), 'memory.stat'));
    expect(readPodMemory(hierarchy)?.biggest.map((pod) => pod.uid)).toEqual([uid(2)]);
  });

  test('are counted, and of very many only the biggest are read whole', () => {
    const pods = Array.from({ length: 50 }, (_, i) => ({
      path: `/kubepods/pod${uid(1)}-${i}`,
      usageKiB: 1000 + i,
    }));
    const { paths = [], biggest = [] } = readPodMemory(podCgroups(version, pods)) ?? {};
    expect([paths.length, biggest.length]).toEqual([50, 32]);
    expect(biggest[0]?.usageKiB).toBe(1049);
  });
});

test('a machine without kubelet has no pods', () => {
  expect(readPodMemory(podCgroups(2, []))).toBeUndefined();
});

needs(otherUser).it('a folder that a user owns is not kubelet’s', () => {
  const hierarchy = podCgroups(2, [{ path: `/kubepods/pod${uid(1)}`, usageKiB: 9 }]);
  chownSync(join(hierarchy.root, 'kubepods'), 1000, 1000);
  expect(readPodMemory(hierarchy)).toBeUndefined();
});
