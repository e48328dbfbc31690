import { expect, test } from 'vitest';
import { cgroupName } from '../src/cgroup-name.js';

const id = 'a'.repeat(64);
const path = `/kubepods.slice/pod1/cri-containerd-${id}.scope`;
const pod = { uid: '1', namespace: 'shop', name: 'web-0', container: 'app' };
const container = { id, name: 'web-1' };

test.each([
  ['a pod', { path: '/kubepods.slice/pod1', pod: { ...pod, container: undefined } }, 'shop/web-0'],
  ['a container of it', { path, pod, container: { id } }, 'shop/web-0/app'],
  ['what is below it', { path: `${path}/a/b`, pod, container: { id } }, 'shop/web-0/app/a/b'],
  ['a container of the host', { path: `/docker/${id}`, container }, 'web-1'],
  ['one that has no name', { path: `/docker/${id}`, container: { id } }, `/docker/${id}`],
  ['a pod that nobody has named yet', { path, pod: { uid: '1' }, container: { id } }, path],
  ['a service', { path: '/system.slice/a.service' }, '/system.slice/a.service'],
])('%s is called as people call it', (_, cgroup, name) => {
  expect(cgroupName(cgroup as Parameters<typeof cgroupName>[0])).toBe(name);
});
