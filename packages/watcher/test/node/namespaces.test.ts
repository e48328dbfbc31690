import { readlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { seesNodeCgroups, seesNodePids } from '../../src/node/namespaces.js';

/** Inodes that the kernel gives the initial namespaces: include/linux/proc_ns.h. */
test('the node is seen from its initial namespaces alone', () => {
  expect(seesNodePids()).toBe(readlinkSync('/proc/self/ns/pid') === 'pid:[4026531836]');
  expect(seesNodeCgroups()).toBe(readlinkSync('/proc/self/ns/cgroup') === 'cgroup:[4026531835]');
});
