import { readFileSync } from 'node:fs';
import { openPortable } from '@oomwatcher/kmsg';
import type { Kill } from '@oomwatcher/oom';
import type { OpenOwnSource } from '@oomwatcher/watcher';
import { expect, test } from 'vitest';
import { scriptedIo } from '../../kmsg/test/support/scripted-io.js';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { bareKill } from '../../oom/test/support/kills.js';
import { addPod, podCgroups } from '../../watcher/test/support/pod-cgroups.js';
import { Agent } from '../src/runtime/agent.js';
import { OtherPods } from '../src/runtime/other-pods.js';
import { capture } from './support/captures.js';
import { collector } from './support/outputs.js';

const mib = 1024;
const killMs = Date.parse('2026-11-28T12:00:00Z');
const pod = (name: string) => `/kubepods/burstable/pod${name}`;

const nodeKill: Kill = {
  ...bareKill,
  time: new Date(killMs).toISOString(),
  scope: 'node',
  constraint: 'none',
  cgroup: { victim: `${pod('own')}/app` },
  trigger: { manual: false },
};

function node() {
  return podCgroups(2, [
    { path: pod('own'), usageKiB: 900 * mib },
    { path: pod('cart'), usageKiB: 500 * mib, limitKiB: 800 * mib },
    { path: pod('web'), usageKiB: 700 * mib },
  ]);
}

test('a node’s OOM comes with the other pods, the victim’s own not among them', () => {
  const { otherPods } = new OtherPods(node(), () => killMs + 40).addTo(nodeKill);
  expect(otherPods).toEqual({
    afterMs: 40,
    count: 2,
    biggest: [
      { uid: 'web', qos: 'burstable', usageKiB: 700 * mib, fileKiB: 0 },
      { uid: 'cart', qos: 'burstable', usageKiB: 500 * mib, fileKiB: 0, limitKiB: 800 * mib },
    ],
  });
});

test('a container hides no other pod by a cgroup of that pod’s name below its own', () => {
  const victim = `${pod('own')}/app${pod('web')}`;
  const kill = { ...nodeKill, cgroup: { victim } };
  const { otherPods } = new OtherPods(node(), () => killMs).addTo(kill);
  expect(otherPods?.biggest.map(({ uid }) => uid)).toEqual(['web', 'cart']);
});

test.each<[string, Partial<Kill>]>([
  ['reached a limit', { scope: 'pod', constraint: 'memcg' }],
  ['was asked for', { trigger: { manual: true } }],
  ['was of a cpuset', { constraint: 'cpuset' }],
  ['is of a cgroup that nobody knows', { cgroup: {} }],
  ['happened before the agent began', { time: new Date(killMs - 60_000).toISOString() }],
])('a kill that %s is told as it is', (_, more) => {
  const kill = { ...nodeKill, ...more };
  expect(new OtherPods(node(), () => killMs).addTo(kill)).toBe(kill);
});

test('a kill after a reading is not told by it, one before it is', () => {
  const hierarchy = node();
  const pods = new OtherPods(hierarchy, () => killMs + 500);
  const at = (afterMs: number) => ({
    ...nodeKill,
    time: new Date(killMs + afterMs).toISOString(),
  });
  expect(pods.addTo(at(0)).otherPods).toMatchObject({ count: 2, afterMs: 500 });
  addPod(hierarchy, { path: pod('new'), usageKiB: 1 });
  expect(pods.addTo(at(400)).otherPods).toMatchObject({ count: 2, afterMs: 100 });
  expect(pods.addTo(at(501)).otherPods?.count).not.toBe(2);
});

test('ten are told of very many, and the victim’s own is not counted though it is small', () => {
  const many = Array.from({ length: 40 }, (_, i) => ({ path: pod(`p${i}`), usageKiB: mib + i }));
  many.push({ path: pod('own'), usageKiB: 1 });
  const { otherPods } = new OtherPods(podCgroups(1, many), () => killMs).addTo(nodeKill);
  expect([otherPods?.count, otherPods?.biggest.length]).toEqual([40, 10]);
});

test('an agent records a node’s OOM with its other pods', async () => {
  const victim = '/kubepods/burstable/pod0c2ab473-7b34-4d1c-9a53-6e2f8d0b4a17';
  const hierarchy = podCgroups(2, [
    { path: victim, usageKiB: 900 },
    { path: pod('web'), usageKiB: 700 },
  ]);
  const records = readFileSync(capture('6.1.0-56--v1-e-global-pod'), 'latin1')
    .trimEnd()
    .split('\n')
    // Printed a moment ago, by the clock of the scripted log.
    .map((record) => `${record.replace(/^(\d+,\d+),\d+,/, '$1,999000,')}\n`);
  const source: OpenOwnSource = (wanted) => {
    const { io } = scriptedIo([...records]);
    return openPortable({ ...wanted, io: { ...io, realtimeUs: () => Date.now() * 1000 } });
  };
  const { reporter } = collector();
  const agent = await Agent.open(
    { stateDir: temporaryFolder(), watch: { source, from: 'boot' }, hierarchy },
    reporter,
  );
  const recorded = new Promise<Kill | undefined>((resolve) => {
    agent.journal.onChange(({ kills: [first] }) => first && resolve(first.kill));
  });
  const running = agent.run();
  const kill = await recorded;
  agent.stop();
  await running;
  expect(kill?.otherPods).toMatchObject({ count: 1, biggest: [{ uid: 'web', usageKiB: 700 }] });
});
