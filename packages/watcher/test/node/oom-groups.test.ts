import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { oomGroups } from '../../src/node/oom-groups.js';

/** As a v2 hierarchy is seen: a folder a cgroup, a file in each but the root. */
const root = mkdtempSync(join(tmpdir(), 'oomwatcher-groups-'));
afterAll(() => rmSync(root, { recursive: true }));

function cgroup(path: string, group: 0 | 1): void {
  mkdirSync(join(root, path), { recursive: true });
  writeFileSync(join(root, path, 'memory.oom.group'), `${group}\n`);
}

cgroup('/plain', 0);
cgroup('/plain/inner', 0);
cgroup('/pod', 1);
cgroup('/pod/container', 0);
cgroup('/pod/container/é\\x2d', 1);

const killsGroup = oomGroups({ version: 2, root });

test('a kill without a group anywhere above it is not held for one', () => {
  expect(killsGroup({ victim: '/plain/inner' })).toBe(false);
});

test('the group of a pod is not missed for a container that asks for none', () => {
  expect(killsGroup({ victim: '/pod/container' })).toBe(true);
  expect(killsGroup({ victim: '/pod/container', limit: '/pod' })).toBe(true);
});

test('a group above the limit that was hit is not taken for one of this kill', () => {
  expect(killsGroup({ victim: '/pod/container', limit: '/pod/container' })).toBe(false);
});

test('a name that is not ASCII is looked up as it is', () => {
  expect(killsGroup({ victim: '/pod/container/é\\x2d' })).toBe(true);
});

test('a victim of an unknown or removed cgroup is not said to be alone', () => {
  expect(killsGroup({})).toBeUndefined();
  expect(killsGroup({ victim: '/plain/gone' })).toBeUndefined();
});

test('cgroup v1 has no groups, wherever the victim was', () => {
  expect(oomGroups({ version: 1, root })({})).toBe(false);
});
