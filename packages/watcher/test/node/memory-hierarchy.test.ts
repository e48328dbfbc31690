import { expect, test } from 'vitest';
import { findMemoryHierarchy } from '../../src/node/memory-hierarchy.js';

const v1 = '33 25 0:28 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory';
const unified = '26 25 0:22 / /no/such/cgroup rw shared:5 - cgroup2 cgroup2 rw';

test('the v1 hierarchy that has the memory controller wins over an empty v2 one beside it', () => {
  expect(findMemoryHierarchy(`${unified}\n${v1}\n`)).toEqual({
    version: 1,
    root: '/sys/fs/cgroup/memory',
  });
});

test('a v2 mount that does not offer the memory controller is not taken for it', () => {
  expect(findMemoryHierarchy(unified)).toBeUndefined();
});

test('a bind mount of a subtree is not taken for the root of the paths in the log', () => {
  expect(findMemoryHierarchy(v1.replace(' / /sys', ' /docker/abc /sys'))).toBeUndefined();
});

test('another v1 controller is not taken for memory', () => {
  expect(findMemoryHierarchy(v1.replace('rw,memory', 'rw,cpu,cpuacct'))).toBeUndefined();
});

test('a mount point with a space is found where it is', () => {
  expect(findMemoryHierarchy(v1.replace('/cgroup/memory', '/my\\040cgroup'))?.root).toBe(
    '/sys/fs/my cgroup',
  );
});

test('junk in place of the mounts is no hierarchy', () => {
  expect(findMemoryHierarchy('')).toBeUndefined();
  expect(findMemoryHierarchy('a - b\n - \nx y z')).toBeUndefined();
});
