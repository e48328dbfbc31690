import type { Kill, OtherPod } from '@oomwatcher/oom';
import { expect, test } from 'vitest';
import { bareKill, hostileName, invisible, plain } from '../../oom/test/support/kills.js';
import { otherPod as pod } from '../../oom/test/support/other-pod.js';
import { advice } from '../src/advice.js';
import { chinese } from '../src/chinese.js';
import { explain } from '../src/explanation.js';
import { otherPodRows, otherPodsTitle } from '../src/other-pods.js';

const gib = 1024 * 1024;
const nodeKill = (biggest: OtherPod[], more: Partial<Kill['otherPods']> = {}): Kill => ({
  ...bareKill,
  scope: 'node',
  constraint: 'none',
  complete: true,
  otherPods: { afterMs: 3, count: biggest.length, biggest, ...more },
});

test('which other pods had no limit, and how far each was over its request, is told', () => {
  const kill = nodeKill(
    [
      pod('cart', { requestKiB: gib / 2 }),
      pod('web', { requestKiB: 0 }),
      pod('new', { usageKiB: gib, fileKiB: 0 }),
      pod('late'),
      pod('db', { limitKiB: 4 * gib, requestKiB: gib }),
      pod('calm', { limitKiB: 4 * gib, requestKiB: 3 * gib }),
      pod('unknown', { limitKiB: 4 * gib }),
    ],
    { count: 57 },
  );
  expect(advice(kill).slice(1)).toEqual([
    'Give a memory limit to shop/cart (2.0 GiB, 1.5 GiB more than its request of 512.0 MiB), shop/web (2.0 GiB, requests none), shop/new (1.0 GiB) and 1 more. Looked at: the 7 biggest of the 57 other pods of the node.',
    'Raise the request of shop/db (2.0 GiB, 1.0 GiB more than its request of 1.0 GiB), or find what made it grow. Looked at: the 7 biggest of the 57 other pods of the node.',
  ]);
});

test('a pod is at its request’s edge only by memory that the kernel cannot take back', () => {
  const atRequest = { usageKiB: 3 * gib, fileKiB: gib, requestKiB: 2 * gib, limitKiB: 4 * gib };
  expect(advice(nodeKill([pod('cache', atRequest)]))).toHaveLength(1);
});

test('the terminal has a table of them, with the moment at which they were read where that was late', () => {
  const { biggest } = nodeKill([pod('cart', { limitKiB: 4 * gib, requestKiB: gib })]).otherPods!;
  const kill = nodeKill(
    [...biggest, { ...pod('x', { usageKiB: gib }), name: undefined }] as OtherPod[],
    {
      afterMs: 2400,
    },
  );
  const lines = explain(kill, plain).split('\n');
  const at = lines.findIndex((line) => line.startsWith('  Pods'));
  expect(lines.slice(at, at + 3)).toEqual([
    '  Pods       the 2 other pods of the node, 2 s after the kill, without page cache',
    '             ████████████████████████    2.0 GiB  shop/cart, 1.0 GiB more than its request of 1.0 GiB, limit 4.0 GiB',
    '             █                             0 KiB  uid-x, no limit',
  ]);
});

test('a node’s kill of which no other pods are known has no word about any', () => {
  const { otherPods: _, ...kill } = nodeKill([]);
  expect(otherPodRows(kill)).toEqual([]);
  expect(otherPodsTitle(kill)).toBeUndefined();
  expect(explain(kill, plain)).not.toMatch(/pod/);
});

test('a hostile name reaches no terminal, and Chinese says it all without English', () => {
  const kill = nodeKill([pod(hostileName), pod('web', { requestKiB: 9, limitKiB: 4 * gib })]);
  const hostile = new RegExp(invisible, 'u');
  for (const said of [explain(kill, plain), explain(kill, plain, undefined, chinese)]) {
    expect(said.replaceAll('\n', '')).not.toMatch(hostile);
  }
  const told = explain(
    nodeKill([pod('a', { requestKiB: 9 }), pod('b')]),
    plain,
    undefined,
    chinese,
  );
  expect(told).toContain('给 shop/a（2.0 GiB，比它的 request（9 KiB）多 2.0 GiB）');
  expect(told).not.toMatch(/\b(the|of|was|limit|requests|more|than)\b/);
});
