import { describe, expect, it } from 'vitest';
import { type Identity, identify, limitScope } from '../src/cgroup-path.js';

const H = 'a7c1e9034b5d6f8091a2b3c4d5e6f70819283746556473829100aabbccddeeff';
const H2 = '3f9d0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f41';
const U = '1858680e-b044-4fd5-9dd4-f137e30e2180';
const U_ = U.replaceAll('-', '_');
const STATIC = '3e61c214bc3ed9ff81e21474dd6cba17';

const burstable = { uid: U, qos: 'burstable', static: false } as const;

const layouts: [name: string, path: string, identity: Identity][] = [
  [
    'cgroupfs, Guaranteed',
    '/kubepods/pod95387fa4-da9c-11e7-9d36-5254b24cbf5e/6895a3e13439535852d3184ac2aadd26d7363cc035f171545ec7d4ce74073b0b',
    {
      scope: 'container',
      pod: { uid: '95387fa4-da9c-11e7-9d36-5254b24cbf5e', qos: 'guaranteed', static: false },
      container: { id: '6895a3e13439535852d3184ac2aadd26d7363cc035f171545ec7d4ce74073b0b' },
    },
  ],
  [
    'cgroupfs, Burstable',
    '/kubepods/burstable/podcb4794b7-954b-4831-81cf-403d83ad22a4/a8638b0128b07b17bd22a5694da752d1c3b018b6237bdee4db906df6e4d1225d',
    {
      scope: 'container',
      pod: { uid: 'cb4794b7-954b-4831-81cf-403d83ad22a4', qos: 'burstable', static: false },
      container: { id: 'a8638b0128b07b17bd22a5694da752d1c3b018b6237bdee4db906df6e4d1225d' },
    },
  ],
  [
    'cgroupfs, BestEffort, a cgroup of the container itself',
    '/kubepods/besteffort/pod0d08203e-255a-11e9-8cd9-0007cb0b2cc8/671a50f5d60566556912f61511d0ec9e4d5c78d53fbc4676727180438bbbbc55/kube-proxy',
    {
      scope: 'container',
      pod: { uid: '0d08203e-255a-11e9-8cd9-0007cb0b2cc8', qos: 'besteffort', static: false },
      container: { id: '671a50f5d60566556912f61511d0ec9e4d5c78d53fbc4676727180438bbbbc55' },
    },
  ],
  [
    'cgroupfs, static pod',
    '/kubepods/burstable/pod9729a196c4723b60ab401eaff722982d/d166c6190614efc91956b78e96d74c3fbc96ca8e91948c36de3bc5b0e7b27d48',
    {
      scope: 'container',
      pod: { uid: '9729a196c4723b60ab401eaff722982d', qos: 'burstable', static: true },
      container: { id: 'd166c6190614efc91956b78e96d74c3fbc96ca8e91948c36de3bc5b0e7b27d48' },
    },
  ],
  [
    'systemd, Docker',
    '/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0330b2c1_a15b_4cdd_b5e5_72d4a90bee82.slice/docker-b27201334a41cd0749d053b18378d7ea65617b8e26277197ea25c974da1a5a8a.scope',
    {
      scope: 'container',
      pod: { uid: '0330b2c1-a15b-4cdd-b5e5-72d4a90bee82', qos: 'burstable', static: false },
      container: {
        id: 'b27201334a41cd0749d053b18378d7ea65617b8e26277197ea25c974da1a5a8a',
        runtime: 'docker',
      },
    },
  ],
  [
    'systemd, containerd',
    '/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-poddfc377c9_c533_4d51_af9e_6e0e0b3db83b.slice/cri-containerd-2260b35b008a15bd118e629c0c5d74e7f3a1fe18c724fbac61a54862fea196dc.scope',
    {
      scope: 'container',
      pod: { uid: 'dfc377c9-c533-4d51-af9e-6e0e0b3db83b', qos: 'burstable', static: false },
      container: {
        id: '2260b35b008a15bd118e629c0c5d74e7f3a1fe18c724fbac61a54862fea196dc',
        runtime: 'containerd',
      },
    },
  ],
  [
    'systemd, Guaranteed',
    `/kubepods.slice/kubepods-pod${U_}.slice/crio-${H}.scope`,
    {
      scope: 'container',
      pod: { uid: U, qos: 'guaranteed', static: false },
      container: { id: H, runtime: 'cri-o' },
    },
  ],
  [
    'systemd, BestEffort',
    `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${U_}.slice/crio-${H}.scope`,
    {
      scope: 'container',
      pod: { uid: U, qos: 'besteffort', static: false },
      container: { id: H, runtime: 'cri-o' },
    },
  ],
  [
    'systemd, static pod, no .scope',
    `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${STATIC}.slice/cri-containerd-c74b0f5062f0bc726cae1e9369ad4a95deed6b298d247f0407475adb23fa3190`,
    {
      scope: 'container',
      pod: { uid: STATIC, qos: 'burstable', static: true },
      container: {
        id: 'c74b0f5062f0bc726cae1e9369ad4a95deed6b298d247f0407475adb23fa3190',
        runtime: 'containerd',
      },
    },
  ],
  [
    'CRI-O and crun: the processes are in a cgroup below',
    `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${U_}.slice/crio-${H}.scope/container`,
    { scope: 'container', pod: burstable, container: { id: H, runtime: 'cri-o' } },
  ],
  [
    'CRI-O cgroupfs',
    '/kubepods/pod068e8fa0-9213-11e7-a01f-507b9d4141fa/crio-81e5c2990803c383229c9680ce964738d5e566d97f5bd436ac34808d2ec75d5f',
    {
      scope: 'container',
      pod: { uid: '068e8fa0-9213-11e7-a01f-507b9d4141fa', qos: 'guaranteed', static: false },
      container: {
        id: '81e5c2990803c383229c9680ce964738d5e566d97f5bd436ac34808d2ec75d5f',
        runtime: 'cri-o',
      },
    },
  ],
  [
    'kubelet on systemd, runc on cgroupfs',
    '/system.slice/containerd.service/kubepods-burstable-pod4ed02c0b_0df8_4d14_a30e_fd589ee4143a.slice:cri-containerd:d4a9f9195eaf7e4a729f24151101e1de61f1398677e7b82acfb936dff0b4ce55',
    {
      scope: 'container',
      pod: { uid: '4ed02c0b-0df8-4d14-a30e-fd589ee4143a', qos: 'burstable', static: false },
      container: {
        id: 'd4a9f9195eaf7e4a729f24151101e1de61f1398677e7b82acfb936dff0b4ce55',
        runtime: 'containerd',
      },
    },
  ],
  [
    'the same at the root',
    `/kubepods-burstable-pod${U_}.slice:cri-containerd:${H}`,
    { scope: 'container', pod: burstable, container: { id: H, runtime: 'containerd' } },
  ],
  [
    'kind, cgroupfs, v1',
    '/docker/88ea268ece65a02d68b169fd74bcbcb427eb7f28900db0e3b906fb2eeb7341df/kubelet/kubepods/burstable/poda5ea884f-9e60-4912-bd62-fef9a31db47a/a51a9f7d073f848e7fc59e56e8f11524f330a2175a4ed26327da2dfe0d28015e',
    {
      scope: 'container',
      pod: { uid: 'a5ea884f-9e60-4912-bd62-fef9a31db47a', qos: 'burstable', static: false },
      container: { id: 'a51a9f7d073f848e7fc59e56e8f11524f330a2175a4ed26327da2dfe0d28015e' },
      outerContainer: {
        id: '88ea268ece65a02d68b169fd74bcbcb427eb7f28900db0e3b906fb2eeb7341df',
        runtime: 'docker',
      },
    },
  ],
  [
    'kind, cgroupfs, v2 on a systemd host',
    `/system.slice/docker-${H}.scope/kubelet/kubepods/burstable/pod${STATIC}/${H2}`,
    {
      scope: 'container',
      pod: { uid: STATIC, qos: 'burstable', static: true },
      container: { id: H2 },
      outerContainer: { id: H, runtime: 'docker' },
    },
  ],
  [
    'kind, systemd driver',
    `/system.slice/docker-${H}.scope/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/kubelet-kubepods-burstable-pod${STATIC}.slice/cri-containerd-${H2}.scope`,
    {
      scope: 'container',
      pod: { uid: STATIC, qos: 'burstable', static: true },
      container: { id: H2, runtime: 'containerd' },
      outerContainer: { id: H, runtime: 'docker' },
    },
  ],
  [
    'k3d: no cgroup between the container and kubepods',
    `/docker/${H}/kubepods/pod${U}/${H2}`,
    {
      scope: 'container',
      pod: { uid: U, qos: 'guaranteed', static: false },
      container: { id: H2 },
      outerContainer: { id: H, runtime: 'docker' },
    },
  ],
  [
    'a cluster in a pod of a BestEffort cluster: the inner pod has its own QoS',
    `/kubepods/besteffort/pod${U}/${H}/kubelet/kubepods/pod${STATIC}/${H2}`,
    {
      scope: 'container',
      pod: { uid: U, qos: 'besteffort', static: false },
      container: { id: H },
      inner: { pod: { uid: STATIC, qos: 'guaranteed', static: true }, container: { id: H2 } },
    },
  ],
  [
    'a cluster in a pod, systemd drivers',
    `/kubepods.slice/kubepods-pod${U_}.slice/cri-containerd-${H}.scope/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${STATIC}.slice/cri-containerd-${H2}.scope/init`,
    {
      scope: 'container',
      pod: { uid: U, qos: 'guaranteed', static: false },
      container: { id: H, runtime: 'containerd' },
      inner: {
        pod: { uid: STATIC, qos: 'burstable', static: true },
        container: { id: H2, runtime: 'containerd' },
      },
    },
  ],
  [
    'a pod of a cluster in a pod, which is no container',
    `/kubepods/besteffort/pod${U}/${H}/kubelet/kubepods/pod${STATIC}`,
    {
      scope: 'pod',
      pod: { uid: U, qos: 'besteffort', static: false },
      container: { id: H },
      inner: { pod: { uid: STATIC, qos: 'guaranteed', static: true } },
    },
  ],
  [
    'Kubernetes in LXC',
    '/lxc.payload.ny2g2r5hh3-lxc/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podeded8c65_6e8e_4c6e_a889_3e427565c740.slice/cri-containerd-ec9ee26695deb4cc72bc665efff1cf3a03fdfb12f1303e02fe9252985e084a95.scope',
    {
      scope: 'container',
      pod: { uid: 'eded8c65-6e8e-4c6e-a889-3e427565c740', qos: 'burstable', static: false },
      container: {
        id: 'ec9ee26695deb4cc72bc665efff1cf3a03fdfb12f1303e02fe9252985e084a95',
        runtime: 'containerd',
      },
      outerContainer: { id: 'ny2g2r5hh3-lxc', runtime: 'lxc' },
    },
  ],
  [
    'Docker in a pod: the pod’s own container is the one Kubernetes knows',
    `/kubepods/burstable/pod${U}/${H}/docker/${H2}`,
    { scope: 'container', pod: burstable, container: { id: H } },
  ],
  [
    'Docker in Docker',
    `/docker/${H}/docker/${H2}`,
    {
      scope: 'container',
      container: { id: H2, runtime: 'docker' },
      outerContainer: { id: H, runtime: 'docker' },
    },
  ],
  ['k3s server', '/system.slice/k3s.service', { scope: 'service', unit: 'k3s.service' }],
  [
    'Talos pod',
    `/kubepods/burstable/pod77f06c5c-4593-43e9-b970-987f6ecb825b/${H}`,
    {
      scope: 'container',
      pod: { uid: '77f06c5c-4593-43e9-b970-987f6ecb825b', qos: 'burstable', static: false },
      container: { id: H },
    },
  ],
  ['Talos kubelet, which is in no pod', '/podruntime/kubelet', { scope: 'cgroup' }],
  ['Talos dashboard', '/system/dashboard', { scope: 'cgroup' }],
  [
    'Docker cgroupfs',
    `/docker/${H}`,
    { scope: 'container', container: { id: H, runtime: 'docker' } },
  ],
  [
    'Docker systemd',
    `/system.slice/docker-${H}.scope`,
    { scope: 'container', container: { id: H, runtime: 'docker' } },
  ],
  [
    'systemd within a container',
    `/system.slice/docker-${H}.scope/system.slice/nginx.service`,
    { scope: 'container', container: { id: H, runtime: 'docker' } },
  ],
  [
    'nerdctl',
    `/system.slice/nerdctl-${H}.scope`,
    { scope: 'container', container: { id: H, runtime: 'containerd' } },
  ],
  [
    'containerd without CRI, of an id',
    `/k8s.io/${H}`,
    { scope: 'container', container: { id: H, runtime: 'containerd' } },
  ],
  [
    'ctr run, by the name that was given',
    '/default/redis-1',
    { scope: 'container', container: { id: 'redis-1', runtime: 'containerd' } },
  ],
  [
    'docker --cgroup-parent, cgroupfs: any parent, so nobody’s runtime',
    `/batch/jobs/${H}`,
    { scope: 'container', container: { id: H } },
  ],
  [
    'docker --cgroup-parent, systemd',
    `/batch.slice/docker-${H}.scope`,
    { scope: 'container', container: { id: H, runtime: 'docker' } },
  ],
  [
    'Podman of a user, cgroupfs',
    `/user.slice/user-1000.slice/session-3.scope/libpod_parent/libpod-${H}`,
    { scope: 'container', container: { id: H, runtime: 'podman' } },
  ],
  [
    'systemd-nspawn by machinectl',
    '/machine.slice/systemd-nspawn@web\\x2d1.service/payload/system.slice/nginx.service',
    { scope: 'container', container: { id: 'web-1', runtime: 'systemd-nspawn' } },
  ],
  [
    'systemd-nspawn by hand',
    '/machine.slice/machine-web.scope/payload',
    { scope: 'container', container: { id: 'web', runtime: 'systemd-nspawn' } },
  ],
  [
    'systemd-nspawn in a scope of its user',
    '/user.slice/user-1000.slice/user@1000.service/app.slice/web.scope/payload/init.scope',
    { scope: 'container', container: { id: 'web', runtime: 'systemd-nspawn' } },
  ],
  [
    'systemd-nspawn itself',
    '/machine.slice/machine-web.scope/supervisor',
    { scope: 'service', unit: 'machine-web.scope', role: 'monitor' },
  ],
  [
    'Podman of root',
    `/machine.slice/libpod-${H}.scope/container`,
    { scope: 'container', container: { id: H, runtime: 'podman' } },
  ],
  [
    'Podman of a user',
    `/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${H}.scope/container`,
    { scope: 'container', container: { id: H, runtime: 'podman' } },
  ],
  [
    'Podman cgroupfs',
    `/libpod_parent/libpod-${H}`,
    { scope: 'container', container: { id: H, runtime: 'podman' } },
  ],
  [
    'a container of a Podman pod, whose id is no container',
    `/libpod_parent/${H2}/libpod-${H}`,
    { scope: 'container', container: { id: H, runtime: 'podman' } },
  ],
  ['ECS, v1', `/ecs/cluster/task/${H}`, { scope: 'container', container: { id: H } }],
  [
    'ECS, v2',
    `/ecstasks.slice/ecstasks-0f9de17a6465404e8b1b2356dc13c2f8.slice/docker-${H}.scope`,
    { scope: 'container', container: { id: H, runtime: 'docker' } },
  ],
  [
    'LXC, older',
    '/lxc/mysql-primary-db',
    { scope: 'container', container: { id: 'mysql-primary-db', runtime: 'lxc' } },
  ],
  [
    'LXC',
    '/lxc.payload.first/system.slice/nginx.service',
    { scope: 'container', container: { id: 'first', runtime: 'lxc' } },
  ],
  ['LXC monitor', '/lxc.monitor.first', { scope: 'cgroup', role: 'monitor' }],
  ['systemd service', '/system.slice/nginx.service', { scope: 'service', unit: 'nginx.service' }],
  [
    'systemd service instance',
    '/system.slice/system-postgresql.slice/postgresql@9.4-main.service',
    { scope: 'service', unit: 'postgresql@9.4-main.service' },
  ],
  [
    'a cgroup that a service made for itself',
    '/system.slice/docker.service/init',
    { scope: 'service', unit: 'docker.service' },
  ],
  [
    'escaped slice',
    '/system.slice/system-serial\\x2dgetty.slice',
    { scope: 'slice', unit: 'system-serial-getty.slice' },
  ],
  [
    'kubelet of Amazon',
    '/runtime.slice/kubelet.service',
    { scope: 'service', unit: 'kubelet.service' },
  ],
  [
    'a slice whose name merely starts like a pod',
    '/podruntime.slice/kubelet.service',
    { scope: 'service', unit: 'kubelet.service' },
  ],
  [
    'login session',
    '/user.slice/user-1021.slice/session-963.scope',
    { scope: 'service', unit: 'session-963.scope' },
  ],
  [
    'desktop application',
    '/user.slice/user-1000.slice/user@1000.service/app.slice/app-org.kde.konsole-433443.scope',
    { scope: 'service', unit: 'app-org.kde.konsole-433443.scope' },
  ],
  [
    'virtual machine',
    '/machine.slice/machine-qemu\\x2d1\\x2dvm.scope',
    { scope: 'service', unit: 'machine-qemu-1-vm.scope' },
  ],
];

describe('a cgroup path is given to whom it belongs', () => {
  it.each(layouts)('%s', (_, path, identity) => {
    expect(identify(path)).toEqual(identity);
  });
});

describe('a limit is known by where the path ends', () => {
  it.each([
    ['/kubepods', 'kubepods'],
    ['/kubepods.slice', 'kubepods'],
    ['/kubelet.slice/kubelet-kubepods.slice', 'kubepods'],
    ['/kubepods/burstable', 'qos'],
    ['/kubepods/besteffort', 'qos'],
    ['/kubepods.slice/kubepods-burstable.slice', 'qos'],
    ['/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort.slice', 'qos'],
    [`/docker/${H}/kubelet/kubepods/burstable`, 'qos'],
    [`/kubepods/burstable/pod${U}`, 'pod'],
    [`/kubepods/pod${STATIC}`, 'pod'],
    [`/kubepods.slice/kubepods-pod${U_}.slice`, 'pod'],
    [`/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${U_}.slice`, 'pod'],
    [`/docker/${H}/kubelet/kubepods/burstable/pod${U}`, 'pod'],
    ['/system.slice', 'slice'],
    ['/user.slice/user-1000.slice', 'slice'],
    ['/mine.slice/jobs', 'cgroup'],
    ['/build', 'cgroup'],
  ] as const)('%s is %s', (path, scope) => {
    expect(identify(path)).toMatchObject({ scope });
    expect(identify(path)).not.toHaveProperty('container');
    expect(limitScope(path)).toBe(scope);
  });

  it.each([
    [`/docker/${H}`, 'container'],
    [`/machine.slice/libpod-${H}.scope/container`, 'container'],
    ['/lxc/703', 'container'],
    ['/lxc/703/ns', 'container'],
    [`/kubepods/burstable/pod${U}/${H}`, 'container'],
    [`/system.slice/containerd.service/kubepods-pod${U_}.slice:cri-containerd:${H}`, 'container'],
    ['/lxc/703/ns/system.slice/pulse.service', 'service'],
    ['/lxc/703/ns/system.slice', 'slice'],
    [`/docker/${H}/rust_container_1a0784d8c9d453cb`, 'cgroup'],
    [`/docker/${H}/docker/${H2}`, 'container'],
    [`/kubepods/burstable/pod${U}/${H}/docker/${H2}`, 'cgroup'],
    [`/kubepods/burstable/pod${U}/${H}/pod${STATIC}`, 'cgroup'],
    [`/kubepods/burstable/pod${U}/${H}/kubelet/kubepods/pod${STATIC}`, 'cgroup'],
    [`/kubepods/burstable/pod${U}/${H}/kubelet/kubepods/pod${STATIC}/${H2}`, 'cgroup'],
    ['/default/redis-1', 'container'],
    ['/default/redis-1/worker', 'cgroup'],
    ['/machine.slice/machine-web.scope/payload', 'container'],
    ['/machine.slice/machine-web.scope/payload/system.slice', 'slice'],
    ['/machine.slice/machine-web.scope', 'service'],
    ['/system.slice/nginx.service', 'service'],
    ['/system.slice/worker-1_slurmstepd.scope/job_4749/step_0/user', 'cgroup'],
    ['/user.slice/user-1000.slice/user@1000.service/app.slice', 'slice'],
    ['/user.slice/user-1000.slice/user@1000.service/app.slice/a.scope', 'service'],
  ] as const)('a limit at %s is that of a %s', (path, scope) => {
    expect(limitScope(path)).toBe(scope);
  });

  it('a unit is not accounted for what Kubernetes made', () => {
    expect(identify('/kubepods.slice/kubepods-burstable.slice')).toEqual({ scope: 'qos' });
  });
});

describe('a monitor’s kill is not reported as its container’s', () => {
  it.each([
    [`/kubepods.slice/kubepods-pod${U_}.slice/crio-conmon-${H}.scope`, 'service', true],
    [`/kubepods/burstable/pod${U}/crio-conmon-${H}`, 'cgroup', true],
    [`/system.slice/crio-conmon-${H}.scope`, 'service', false],
    [`/machine.slice/libpod-conmon-${H}.scope`, 'service', false],
  ] as const)('%s', (path, scope, inPod) => {
    const identity = identify(path);
    expect(identity).toMatchObject({ role: 'monitor', scope });
    expect(identity.container).toBeUndefined();
    expect(identity.pod?.uid).toBe(inPod ? U : undefined);
  });
});

describe('names that only look like pods or containers are not taken for them', () => {
  it.each([
    `/system.slice/var-lib-docker-overlay2-${H}-merged.mount`,
    `/system.slice/evil-${H}.scope`,
    `/mine/pod${U}`,
    `/mine/${H.toUpperCase()}`,
    `/mine/${H}0`,
    `/mine/${H.slice(1)}`,
    '/mine/redis-1',
    '/default',
    '/default/-x',
    '/default/a b',
    '/mine/payload',
    '/system.slice/nginx.service/payload',
    '/.scope/payload',
    '/kubepods.slice/kubepods-burstable-pod.slice',
    '/xkubepods.slice/xkubepods-pod1.slice',
    '/kubepods-other.slice/kubepods-other-pod1.slice',
  ])('%s', (path) => {
    const identity = identify(path);
    expect(identity.pod).toBeUndefined();
    expect(identity.container).toBeUndefined();
  });

  it('a container cannot place itself in another pod by a cgroup called like one', () => {
    const path = `/kubepods/burstable/pod${U}/${H}/pod${STATIC}/${H2}`;
    expect(identify(path)).toEqual({ scope: 'container', pod: burstable, container: { id: H } });
  });
});

it('a uid that the manifest chose stays as it is', () => {
  expect(identify('/kubepods.slice/kubepods-podmy_own.uid.slice').pod).toEqual({
    uid: 'my_own.uid',
    qos: 'guaranteed',
    static: false,
  });
  expect(identify('/kubepods/burstable/podmy-pod-1').pod).toMatchObject({ uid: 'my-pod-1' });
});

it('an escaped control character does not reach the display', () => {
  expect(identify('/system.slice/a\\x1b\\x7f\\x5b.service').unit).toBe('a\\x1b\\x7f[.service');
});

it.each(['', '/', '(name too long)', '(error)', 'kubepods/burstable', '..'])(
  'an unknown path %j says nothing',
  (path) => {
    expect(identify(path)).toEqual({});
  },
);

describe('a hostile path does not take more than linear time', () => {
  it.each([
    ['one name of a megabyte', `/${'a'.repeat(1 << 20)}`],
    ['a megabyte of hex', `/${'0'.repeat(1 << 20)}`],
    ['a megabyte of slashes', '/'.repeat(1 << 20)],
    ['pods in pods', `/kubepods${`/kubepods/pod${U}`.repeat(20_000)}`],
    ['kubepods repeated in a name', `/${'kubepods-pod'.repeat(100_000)}.slice`],
    ['dashes', `/kubepods-pod${'-'.repeat(1 << 20)}.slice:${':'.repeat(1 << 20)}`],
    ['escapes', `/${'\\x2'.repeat(1 << 18)}.service`],
    ['containers in containers', `/${`${H}/`.repeat(15_000)}`],
  ])('%s', (_, path) => {
    const start = performance.now();
    identify(path);
    expect(performance.now() - start).toBeLessThan(60_000);
  });
});
