import { expect, test } from 'vitest';
import type { Kill } from '../src/kill.js';
import { type Workload, workloadKey, workloadOf } from '../src/workload.js';
import { bareKill } from './support/kills.js';

const pod = (name: string, owner?: { kind: string; name: string }) => ({
  pod: { uid: 'u', namespace: 'shop', name, ...(owner !== undefined && { owner }) },
});
const inCgroup = (victim: string) => ({ cgroup: { victim } });

test.each<[string, Partial<Kill>, string]>([
  ['its owner', pod('x', { kind: 'Deployment', name: 'checkout' }), 'deployment shop/checkout'],
  ['a kind of others', pod('x', { kind: 'Rollout', name: 'web' }), 'rollout shop/web'],
  [
    'a pod of a Deployment whose owner nobody said',
    pod('checkout-7d9f8b6c5d-x2x4q'),
    'pods shop/checkout',
  ],
  ['one of a DaemonSet', pod('node-exporter-kx7pq'), 'pods shop/node-exporter'],
  ['one of a StatefulSet', pod('web-12'), 'pods shop/web'],
  ['a pod of its own name', pod('kube-apiserver-worker'), 'pods shop/kube-apiserver-worker'],
  ['a pod whose name nobody knows', { pod: { uid: 'u' } }, 'pod u'],
  ['a unit', inCgroup('/system.slice/nginx.service'), 'unit nginx.service'],
  [
    'an instance of a template',
    inCgroup('/system.slice/getty@tty1.service'),
    'unit getty@tty1.service',
  ],
  ['a session', inCgroup('/user.slice/user-1000.slice/session-12.scope'), 'unit session.scope'],
  ['a transient unit', inCgroup('/system.slice/run-u123.service'), 'unit run.service'],
  ['another one', inCgroup('/system.slice/run-r3f9d0c5b7a8e4126.scope'), 'unit run.scope'],
  ['one of systemd 257', inCgroup('/system.slice/run-p123-i456.scope'), 'unit run.scope'],
  ['a container', { container: { id: 'c0ffee' }, ...inCgroup('/docker/x') }, 'container c0ffee'],
  ['a cgroup', inCgroup('/slurm/uid_1000/job_4711'), 'cgroup /slurm/uid_1000/job_4711'],
  ['a cgroup of one run', inCgroup('/build-4711-20/cc'), 'cgroup /build-*/cc'],
  ['a cgroup of a small number', inCgroup('/worker-12'), 'cgroup /worker-12'],
  ['a cgroup with an id', inCgroup('/jobs/0123456789abcdef/x'), 'cgroup /jobs/*/x'],
  ['a process', { victim: { pid: 7, name: 'java' } }, 'process java'],
])('%s is what a kill is counted under', (_, kill, key) => {
  expect(workloadKey(workloadOf({ ...bareKill, ...kill }) as Workload)).toBe(key);
});

test('a kill of which nothing is known is counted under nothing', () => {
  expect(workloadOf(bareKill)).toBeUndefined();
});
