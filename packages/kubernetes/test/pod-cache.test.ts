import { describe, expect, test } from 'vitest';
import { bareKill } from '../../oom/test/support/kills.js';
import { type ApiPod, PodCache } from '../src/pod-cache.js';

const tombstoneMs = 600_000;

function pod(uid: string, more: Partial<ApiPod> = {}): ApiPod {
  return {
    metadata: { uid, namespace: 'shop', name: `pod-${uid}` },
    status: { containerStatuses: [{ name: 'app', containerID: `containerd://${uid}-app` }] },
    ...more,
  };
}

function killIn(uid: string, containerId: string) {
  return { ...bareKill, pod: { uid }, container: { id: containerId } };
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

  test('tell init and ephemeral containers apart, for the path in the spec', () => {
    const cache = new PodCache(tombstoneMs);
    cache.put(
      pod('a', {
        status: {
          initContainerStatuses: [{ name: 'setup', containerID: 'cri-o://1' }],
          ephemeralContainerStatuses: [{ name: 'debug', containerID: 'cri-o://2' }],
        },
      }),
    );
    expect(cache.enrich(killIn('a', '1')).pod?.container).toBe('setup');
    expect(cache.listOf('a', 'setup')).toBe('initContainers');
    expect(cache.listOf('a', 'debug')).toBe('ephemeralContainers');
    expect(cache.listOf('a', 'app')).toBe('containers');
  });

  test('keep the ids of containers that have ended: a crash loop has a new one every time', () => {
    const cache = new PodCache(tombstoneMs);
    for (let i = 0; i < 100; i++) {
      cache.put(
        pod('a', {
          status: {
            containerStatuses: [
              {
                name: 'app',
                containerID: `containerd://${i}`,
                lastState: { terminated: { containerID: `containerd://${i - 1}` } },
              },
            ],
          },
        }),
      );
    }
    expect(cache.enrich(killIn('a', '99')).pod?.container).toBe('app');
    expect(cache.enrich(killIn('a', '80')).pod?.container).toBe('app');
    expect(cache.enrich(killIn('a', '3')).pod?.container).toBeUndefined();
  });

  test.each(['kubernetes.io/config.mirror', 'kubernetes.io/config.hash'])(
    'know a static pod by the UID of its cgroup (%s)',
    (annotation) => {
      const cache = new PodCache(tombstoneMs);
      const uid = 'f'.repeat(32);
      const mirror = pod('api-uid');
      mirror.metadata = { ...mirror.metadata, annotations: { [annotation]: uid } };
      expect(cache.put(mirror)).toBe(uid);
      expect(cache.enrich(killIn(uid, 'api-uid-app')).pod?.name).toBe('pod-api-uid');
      expect(cache.has('api-uid')).toBe(false);
      cache.remove(mirror);
      expect(cache.has(uid)).toBe(true);
    },
  );

  test('are still known for ten minutes after they are gone, and not longer', () => {
    let nowMs = 0;
    const cache = new PodCache(tombstoneMs, () => nowMs);
    for (const uid of ['deleted', 'unlisted', 'alive']) cache.put(pod(uid));
    cache.remove(pod('deleted'));
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
    const cache = new PodCache(tombstoneMs, () => nowMs);
    cache.put(pod('a'));
    cache.remove(pod('a'));
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

  test('survive objects that are not what they should be', () => {
    const cache = new PodCache(tombstoneMs);
    expect(cache.put({})).toBeUndefined();
    expect(cache.put({ metadata: { uid: 'x' } })).toBeUndefined();
    cache.put({
      metadata: { uid: 'a', namespace: 'n', name: 'p' },
      status: { containerStatuses: [{}] },
    });
    cache.remove({});
    expect(cache.size).toBe(1);
  });
});
