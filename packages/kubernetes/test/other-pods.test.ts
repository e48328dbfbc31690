import { expect, test } from 'vitest';
import { bareKill } from '../../oom/test/support/kills.js';
import { withOtherPods } from '../src/other-pods.js';
import { PodCache } from '../src/pod-cache.js';
import { podLimits } from '../src/pod-limits.js';

const pod = (uid: string) => ({ uid, qos: 'burstable' as const, usageKiB: 9, fileKiB: 0 });
const killBeside = (...uids: string[]) => ({
  ...bareKill,
  otherPods: { afterMs: 3, count: 9, biggest: uids.map(pod) },
});

test('other pods are named by the uid that the API server gave them, with what they request', () => {
  const cache = new PodCache(60_000);
  const known = { namespace: 'shop', containers: [] };
  const requests = { requests: { memory: 512 } };
  const limits = podLimits({ containers: [{ name: 'app', resources: requests }] });
  cache.put({ ...known, uid: 'a', name: 'cart', limits });
  cache.put({ ...known, uid: 'b', name: 'web', limits: podLimits({}) });
  cache.put({ ...known, uid: 'c', name: 'new' });
  expect(withOtherPods(killBeside('a', 'b', 'c', 'd'), cache).otherPods).toEqual({
    afterMs: 3,
    count: 9,
    biggest: [
      { ...pod('a'), namespace: 'shop', name: 'cart', requestKiB: 512 },
      // It requests nothing, which is another thing than not to know.
      { ...pod('b'), namespace: 'shop', name: 'web', requestKiB: 0 },
      { ...pod('c'), namespace: 'shop', name: 'new' },
      pod('d'),
    ],
  });
});

test('a kill without other pods is the very same', () => {
  expect(withOtherPods(bareKill, new PodCache(60_000))).toBe(bareKill);
});
