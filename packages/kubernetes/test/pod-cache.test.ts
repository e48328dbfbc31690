import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { bareKill } from '../../oom/test/support/kills.js';
import type { ApiPod } from '../src/api-objects.js';
import { ContainerLogs } from '../src/container-logs.js';
import { LogFolders } from '../src/log-folders.js';
import { PodCache } from '../src/pod-cache.js';

const tombstoneMs = 600_000;

function pod(uid: string, more: Partial<ApiPod> = {}): ApiPod {
  return {
    uid,
    namespace: 'shop',
    name: `pod-${uid}`,
    containers: [{ id: `${uid}-app`, name: 'app', list: 'containers' }],
    ...more,
  };
}

function killIn(uid: string, containerId: string) {
  return { ...bareKill, pod: { uid }, container: { id: containerId } };
}

/** As kubelet makes them. */
function logFolders(...names: string[]): LogFolders {
  const folder = temporaryFolder();
  for (const name of names) mkdirSync(join(folder, name));
  return new LogFolders(folder);
}

describe('the pods that are known', () => {
  test('name a kill, with its container', () => {
    const cache = new PodCache(tombstoneMs);
    cache.put(pod('a'));
    expect(cache.enrich(killIn('a', 'a-app')).pod).toEqual({
      uid: 'a',
      namespace: 'shop',
      name: 'pod-a',
      container: 'app',
    });
    expect(cache.enrich(killIn('a', 'other')).pod).toEqual({
      uid: 'a',
      namespace: 'shop',
      name: 'pod-a',
    });
    const unknown = killIn('b', 'b-app');
    expect(cache.enrich(unknown)).toBe(unknown);
    expect(cache.enrich(bareKill)).toBe(bareKill);
  });

  test('give the limits of the spec, and the runtime where the cgroup’s path does not say it', () => {
    const cache = new PodCache(tombstoneMs);
    const limits = {
      containers: 1,
      podRequestKiB: 0,
      podLimitKiB: 32768,
      podLimitFrom: 'containers' as const,
      byName: new Map([['app', { kind: 'container' as const, limitKiB: 32768 }]]),
    };
    const containers = [
      { id: 'a-app', name: 'app', list: 'containers' as const, runtime: 'containerd' },
    ];
    cache.put(pod('a', { limits, containers }));
    const kill = cache.enrich(killIn('a', 'a-app'));
    expect(kill.pod?.spec).toEqual({
      kind: 'container',
      containers: 1,
      limitKiB: 32768,
      podLimitKiB: 32768,
      podLimitFrom: 'containers',
    });
    expect(kill.container).toEqual({ id: 'a-app', runtime: 'containerd' });
    const said = { ...bareKill, pod: { uid: 'a' }, container: { id: 'a-app', runtime: 'docker' } };
    expect(cache.enrich(said).container?.runtime).toBe('docker');
    // Which container it is nobody knows yet: what the pod has is known.
    expect(cache.enrich(killIn('a', 'new')).pod?.spec).toEqual({
      containers: 1,
      podLimitKiB: 32768,
      podLimitFrom: 'containers',
    });
  });

  test('say what made the pod', () => {
    const cache = new PodCache(tombstoneMs);
    const owner = { kind: 'Deployment', name: 'web' };
    cache.put(pod('a', { owner }));
    expect(cache.enrich(killIn('a', 'a-app')).pod).toMatchObject({ name: 'pod-a', owner });
  });

  test('distinguish init and ephemeral containers, for the path in the spec', () => {
    const cache = new PodCache(tombstoneMs);
    cache.put(
      pod('a', {
        containers: [
          { id: '1', name: 'setup', list: 'initContainers' },
          { id: '2', name: 'debug', list: 'ephemeralContainers' },
        ],
      }),
    );
    expect(cache.enrich(killIn('a', '1')).pod?.container).toBe('setup');
    expect(cache.listOf('a', 'setup')).toBe('initContainers');
    expect(cache.listOf('a', 'debug')).toBe('ephemeralContainers');
    expect(cache.listOf('a', 'app')).toBe('containers');
  });

  test('keep the ids of containers that have ended: a crash loop has a new one every time', () => {
    const cache = new PodCache(tombstoneMs);
    const container = (id: number) => ({ id: `${id}`, name: 'app', list: 'containers' as const });
    for (let i = 0; i < 100; i++)
      cache.put(pod('a', { containers: [container(i - 1), container(i)] }));
    expect(cache.enrich(killIn('a', '99')).pod?.container).toBe('app');
    expect(cache.enrich(killIn('a', '80')).pod?.container).toBe('app');
    expect(cache.enrich(killIn('a', '3')).pod?.container).toBeUndefined();
  });

  test('have a static one where the node says so, with the containers of the pod of its name', () => {
    const uid = 'f'.repeat(32);
    const cache = new PodCache(tombstoneMs, {
      folders: logFolders(`shop_pod-api_${uid}`, 'x', '_a_b', 'a_b_'),
    });
    expect(cache.enrich(killIn(uid, 'api-app')).pod).toEqual({
      uid,
      namespace: 'shop',
      name: 'pod-api',
    });
    cache.put(pod('api'));
    expect(cache.enrich(killIn(uid, 'api-app')).pod?.container).toBe('app');
    expect(cache.enrich(killIn('e'.repeat(32), 'api-app')).pod?.name).toBeUndefined();
  });

  describe('by the links to their containers’ logs', () => {
    const id = 'c'.repeat(64);
    const withLinks = (...names: string[]) => {
      const folder = temporaryFolder();
      for (const name of names) symlinkSync('/nowhere', join(folder, name));
      return new ContainerLogs(folder);
    };

    test('are known before the API server says them, and without it', () => {
      const logs = withLinks(`pod-a_shop_the-app-${id}.log`, 'x.log', `_shop_app-${id}.log`);
      const cache = new PodCache(tombstoneMs, { logs });
      const names = { uid: 'a', namespace: 'shop', name: 'pod-a', container: 'the-app' };
      expect(cache.enrich(killIn('a', id)).pod).toEqual(names);
      cache.put(pod('a', { containers: [] }));
      expect(cache.enrich(killIn('a', id)).pod).toEqual(names);
      const unknown = killIn('b', 'd'.repeat(64));
      expect(cache.enrich(unknown)).toBe(unknown);
    });

    test('give no pod another one’s container', () => {
      const cache = new PodCache(tombstoneMs, { logs: withLinks(`other_shop_app-${id}.log`) });
      cache.put(pod('a', { containers: [] }));
      const { pod: named } = cache.enrich(killIn('a', id));
      expect(named).toEqual({ uid: 'a', namespace: 'shop', name: 'pod-a' });
    });

    test('are read again soon, and not at each kill', () => {
      const folder = temporaryFolder();
      let nowMs = 0;
      const logs = new ContainerLogs(folder, () => nowMs);
      expect(logs.find(id)).toBeUndefined();
      symlinkSync('/nowhere', join(folder, `web_shop_app-${id}.log`));
      expect(logs.find(id)).toBeUndefined();
      nowMs = 250;
      expect(logs.find(id)).toEqual({ namespace: 'shop', pod: 'web', container: 'app' });
      expect(new ContainerLogs('/nowhere').find(id)).toBeUndefined();
    });
  });

  test('are looked for on the node once a second at most, and found when they come', () => {
    const folder = temporaryFolder();
    let nowMs = 0;
    const folders = new LogFolders(folder, () => nowMs);
    expect(folders.find('u')).toBeUndefined();
    mkdirSync(join(folder, 'shop_web_u'));
    expect(folders.find('u')).toBeUndefined();
    nowMs = 1_000;
    expect(folders.find('u')).toEqual({ namespace: 'shop', name: 'web' });
    expect(new LogFolders('/nowhere').find('u')).toBeUndefined();
  });

  test('are still known for ten minutes after they are gone, and not longer', () => {
    let nowMs = 0;
    const cache = new PodCache(tombstoneMs, {}, () => nowMs);
    for (const uid of ['deleted', 'unlisted', 'alive']) cache.put(pod(uid));
    cache.remove('deleted');
    cache.keepOnly(new Set(['alive']));
    nowMs = tombstoneMs;
    for (const uid of ['deleted', 'unlisted', 'alive']) expect(cache.has(uid), uid).toBe(true);
    nowMs = tombstoneMs + 1;
    cache.keepOnly(new Set(['alive']));
    expect(cache.size).toBe(1);
    expect(cache.has('alive')).toBe(true);
  });

  test('are alive again when they come again', () => {
    let nowMs = 0;
    const cache = new PodCache(tombstoneMs, {}, () => nowMs);
    cache.put(pod('a'));
    cache.remove('a');
    cache.put(pod('a'));
    nowMs = 10 * tombstoneMs;
    expect(cache.has('a')).toBe(true);
  });

  test('are bounded, also by a server that lists without end', () => {
    const cache = new PodCache(tombstoneMs);
    for (let i = 0; i < 10_100; i++) cache.put(pod(`p${i}`));
    expect(cache.size).toBe(10_000);
    expect(cache.has('p10099')).toBe(true);
    expect(cache.has('p0')).toBe(false);
  });

  test('are not pushed out by one namespace that has ten thousand', () => {
    const cache = new PodCache(tombstoneMs);
    for (const uid of ['b', 'c']) cache.put(pod(uid, { namespace: 'others' }));
    for (let i = 0; i < 10_100; i++) cache.put(pod(`p${i}`));
    expect(cache.size).toBe(10_000);
    expect(cache.has('b') && cache.has('c')).toBe(true);
  });

  test('leave first when they are gone', () => {
    const cache = new PodCache(tombstoneMs);
    for (let i = 0; i < 10_000; i++) cache.put(pod(`p${i}`));
    cache.remove('p9999');
    cache.put(pod('new'));
    expect([cache.has('p9999'), cache.has('p0'), cache.has('new')]).toEqual([false, true, true]);
  });
});
