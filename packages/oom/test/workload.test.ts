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
  ['a cgroup', inCgroup('/builds/job_4711'), 'cgroup /builds/job_4711'],
  // From here on by documentation and sources of each manager, not by a real run.
  ['a job of Slurm on v1', inCgroup('/slurm/uid_1000/job_4711/step_0/task_0'), 'slurm-job 4711'],
  ['one of several daemons', inCgroup('/slurm_worker-1/uid_1000/job_4711'), 'slurm-job 4711'],
  [
    'one on v2',
    inCgroup('/system.slice/worker-1_slurmstepd.scope/job_4711/step_batch/user/task_0'),
    'slurm-job 4711',
  ],
  [
    'a machine of libvirt, whatever its number',
    inCgroup('/machine.slice/machine-qemu\\x2d12\\x2dweb\\x2d1.scope/libvirt/emulator'),
    'vm web-1',
  ],
  ['one without systemd', inCgroup('/machine/qemu-3-web.libvirt-qemu/emulator'), 'vm web'],
  ['a machine of Proxmox', inCgroup('/qemu.slice/100.scope'), 'vm 100'],
  [
    'a task of Nomad',
    inCgroup('/nomad.slice/share.slice/0c2bc583-7b34-4d1c-9a53-6e2f8d0b4a17.redis.scope'),
    'nomad-task redis',
  ],
  [
    'what a user calls like a machine',
    inCgroup('/user.slice/user-1000.slice/user@1000.service/qemu.slice/100.scope'),
    'unit 100.scope',
  ],
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
