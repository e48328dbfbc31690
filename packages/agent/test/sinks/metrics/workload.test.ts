import { expect, test } from 'vitest';
import { workloadOf } from '../../../src/sinks/metrics/workload.js';

const kill = { schema: 'oomwatcher.kill/v1', id: 'b:1', complete: true } as const;
const id = 'c'.repeat(64);

test.each([
  ['a Deployment', 'checkout-5d9c7b8f6d-x2x4z', 'checkout'],
  ['a DaemonSet', 'node-agent-x2x4z', 'node-agent'],
  ['a CronJob', 'backup-29012345-x2x4z', 'backup'],
  ['a StatefulSet', 'db-main-12', 'db-main'],
  ['a pod of its own', 'debugger', 'debugger'],
  // Five letters, but with vowels: no controller makes such a name.
  ['a pod with a name of several words', 'web-proxy-image', 'web-proxy-image'],
  ['a pod that is a suffix', '-x2x4z', '-x2x4z'],
])('a pod of %s belongs to what its name says', (_, name, workload) => {
  expect(workloadOf({ ...kill, pod: { uid: 'u', namespace: 'shop', name } })).toBe(workload);
});

test.each([
  [{ pod: { uid: '0c2bc583' }, container: { id } }, '0c2bc583'],
  [{ container: { id }, cgroup: { victim: `/docker/${id}` } }, 'cccccccccccc'],
  [{ cgroup: { victim: '/system.slice/nginx.service' } }, 'nginx.service'],
  [{ cgroup: { victim: '/user.slice' } }, 'user.slice'],
  [{ cgroup: { victim: '/jobs/17' } }, '/jobs/17'],
  [{}, ''],
])('without a pod’s name a workload has the name that the kernel knows: %j', (facts, workload) => {
  expect(workloadOf({ ...kill, ...facts })).toBe(workload);
});
