import { describe, expect, test } from 'vitest';
import { podLimits } from '../src/pod-limits.js';
import { quantityKiB } from '../src/quantity.js';

const mib = 1024;

const limited = (name: string, memory?: number, restartPolicy?: string) => ({
  name,
  restartPolicy,
  resources: { limits: { memory } },
});

describe('the limit of a pod’s cgroup, by kubelet’s rule', () => {
  test('is the sum over containers that run at one time, and none where one has none', () => {
    const app = limited('app', 32 * mib);
    expect(podLimits({ containers: [app] })).toEqual({
      containers: 1,
      podRequestKiB: 0,
      podLimitKiB: 32 * mib,
      podLimitFrom: 'containers',
      byName: new Map([['app', { kind: 'container', limitKiB: 32 * mib }]]),
    });
    const two = podLimits({ containers: [app, limited('log', 64 * mib)] });
    expect(two).toMatchObject({ containers: 2, podLimitKiB: 96 * mib });
    const none = podLimits({ containers: [app, limited('log')] });
    expect(none.podLimitKiB).toBeUndefined();
    expect(none.byName.get('log')).toEqual({ kind: 'container' });
  });

  test('leaves each container its request, which limits nothing', () => {
    const app = { name: 'app', resources: { requests: { memory: 16 * mib } } };
    const limits = podLimits({ containers: [app] });
    expect(limits.byName.get('app')).toEqual({ kind: 'container', requestKiB: 16 * mib });
    expect(limits).not.toHaveProperty('podLimitKiB');
  });

  test('is one thing, what the scheduler counts another: what runs at one time, or the pod’s own', () => {
    const asking = (name: string, memory: number, restartPolicy?: string) => ({
      name,
      restartPolicy,
      resources: { requests: { memory } },
    });
    const containers = [asking('app', 32 * mib), limited('log')];
    const initContainers = [asking('proxy', 16 * mib, 'Always'), asking('setup', 64 * mib)];
    const overhead = { memory: 4 * mib };
    expect(podLimits({ containers, initContainers, overhead }).podRequestKiB).toBe(84 * mib);
    expect(podLimits({ containers, overhead }).podRequestKiB).toBe(36 * mib);
    const own = { resources: { requests: { memory: 128 * mib } } };
    expect(podLimits({ containers, ...own }).podRequestKiB).toBe(128 * mib);
    expect(podLimits({ containers: [limited('log')] }).podRequestKiB).toBe(0);
  });

  test('counts sidecars with the containers, other init containers only where they need more', () => {
    const containers = [limited('app', 32 * mib)];
    const sidecar = limited('proxy', 16 * mib, 'Always');
    const small = podLimits({ containers, initContainers: [sidecar, limited('setup', 8 * mib)] });
    expect(small).toMatchObject({ containers: 2, podLimitKiB: 48 * mib });
    expect(small.byName.get('proxy')?.kind).toBe('sidecar');
    expect(small.byName.get('setup')?.kind).toBe('init');
    const big = limited('setup', 64 * mib);
    const after = podLimits({ containers, initContainers: [sidecar, big] });
    expect(after.podLimitKiB).toBe(80 * mib);
    // It runs before the sidecar does.
    expect(podLimits({ containers, initContainers: [big, sidecar] }).podLimitKiB).toBe(64 * mib);
    const open = podLimits({ containers, initContainers: [limited('setup')] });
    expect(open.podLimitKiB).toBeUndefined();
  });

  test('is the pod’s own where it has one, and more by the overhead of its runtime class', () => {
    const containers = [limited('app', 32 * mib), limited('log')];
    const own = { resources: { limits: { memory: 64 * mib } } };
    expect(podLimits({ containers, ...own })).toMatchObject({
      podLimitKiB: 64 * mib,
      podLimitFrom: 'pod',
    });
    const overhead = { memory: 4 * mib };
    const app = podLimits({ containers: containers.slice(0, 1), overhead });
    expect(app.podLimitKiB).toBe(36 * mib);
  });

  test('is not that of ephemeral containers, which can have none', () => {
    const containers = [limited('app', 32 * mib)];
    const limits = podLimits({ containers, ephemeralContainers: [{ name: 'debug' }] });
    expect(limits).toMatchObject({ containers: 2, podLimitKiB: 32 * mib });
    expect(limits.byName.get('debug')).toEqual({ kind: 'ephemeral' });
  });

  test('of a pod with thousands of containers keeps some', () => {
    const containers = Array.from({ length: 5_000 }, (_, i) => limited(`c${i}`, mib));
    expect(podLimits({ containers }).byName.size).toBeLessThan(100);
  });
});

test.each([
  ['32Mi', 32 * mib],
  ['0.5Gi', 512 * mib],
  ['1Ti', 1024 ** 3],
  ['33554432', 32 * mib],
  ['33554432000m', 32 * mib],
  ['129e6', 125976],
  ['129E6', 125976],
  ['129M', 125976],
  ['1k', undefined],
  ['0', undefined],
  ['', undefined],
  ['-1Mi', undefined],
  ['1 Mi', undefined],
  ['1Xi', undefined],
  ['1e99', undefined],
  ['9'.repeat(60), undefined],
  ['\x1b[2J', undefined],
])('the quantity %j is %j KiB', (text, kib) => {
  expect(quantityKiB(text)).toBe(kib);
});
