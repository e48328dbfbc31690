import type { Kill, OomEvent } from '@oomwatcher/oom';
import { expect, test } from 'vitest';
import { Outbox } from '../src/outbox.js';
import type { Placement } from '../src/placement.js';
import { ScriptedKernel, stopClock } from './support/scripted-kernel.js';

stopClock();

const mostWaitMs = 20;

function kill(seq: bigint, cgroup?: Kill['cgroup']): OomEvent {
  return {
    kind: 'kill',
    seq,
    kill: {
      schema: 'oomwatcher.kill/v1',
      id: `b:${seq}`,
      victim: { pid: Number(seq), name: 'x' },
      ...(cgroup !== undefined && { cgroup }),
      complete: false,
    },
  };
}

const inCgroup = (seq: bigint, victim: string) => kill(seq, { victim, from: 'log' });
const forged = (seq: bigint): OomEvent => ({ kind: 'forged', seq, text: 'x' });
const repeat = (seq: bigint, cgroup?: string): OomEvent => ({ kind: 'repeat', seq, cgroup });

/** Everything that can be given out. */
function take(outbox: Outbox, nowMs: number, atEnd = false): OomEvent[] {
  const events: OomEvent[] = [];
  for (let event = outbox.take(nowMs, atEnd); event !== undefined; ) {
    events.push(event);
    event = outbox.take(nowMs, atEnd);
  }
  return events;
}

const seqs = (events: OomEvent[]) => events.map(({ seq }) => seq);
const cgroups = (events: OomEvent[]) =>
  events.map((event) => (event.kind === 'kill' ? event.kill.cgroup : undefined));

/** A watch on a node whose kernel has just killed in these cgroups and logged a line for each, from seq 1 on. */
function watched(...paths: (string | undefined)[]): { outbox: Outbox; placement: Placement } {
  const kernel = new ScriptedKernel();
  const placement = kernel.placement();
  paths.forEach((path, index) => {
    kernel.kill(path);
    placement.line(BigInt(index + 1));
  });
  return { outbox: new Outbox(placement), placement };
}

test('a kill that the counters place goes out with its cgroup', () => {
  const { outbox, placement } = watched('/kubepods/podabc/x');
  outbox.add([kill(1n)], 0);
  expect(take(outbox, 0)).toEqual([]);
  placement.observe();
  const [event] = take(outbox, 5);
  expect(cgroups([event as OomEvent])).toEqual([{ victim: '/kubepods/podabc/x', from: 'counter' }]);
  expect(event).toMatchObject({ kill: { pod: { uid: 'abc', qos: 'guaranteed' } } });
});

test('what comes after a kill that waits does not overtake it', () => {
  const { outbox, placement } = watched('/a', '/b', '/b');
  outbox.add([kill(1n), forged(2n)], 0);
  outbox.add([inCgroup(3n, '/b')], 1);
  expect(take(outbox, 1)).toEqual([]);
  expect(outbox.heldSeq).toBe(1n);
  placement.observe();
  // The third kill's place is known from the log, so that two are left for two cgroups: no answer.
  expect(take(outbox, 2)).toEqual([]);
  expect(seqs(take(outbox, mostWaitMs))).toEqual([1n, 2n, 3n]);
  expect(outbox.heldSeq).toBeUndefined();
});

test('what comes before a kill that waits does not wait with it', () => {
  const { outbox } = watched('/a', '/b');
  outbox.add([forged(0n), kill(1n)], 0);
  expect(seqs(take(outbox, 0))).toEqual([0n]);
  expect(outbox.heldSeq).toBe(1n);
});

test('a kill that nobody can place waits 20 ms and no longer, and claims no cgroup', () => {
  const { outbox, placement } = watched('/a', '/b');
  outbox.add([kill(1n)], 100);
  outbox.add([kill(2n)], 110);
  placement.observe();
  expect(outbox.waitMs(100)).toBe(mostWaitMs);
  expect(outbox.waitMs(119)).toBe(1);
  expect(take(outbox, 119)).toEqual([]);
  const first = take(outbox, 120);
  expect(seqs(first)).toEqual([1n]);
  expect(cgroups(first)).toEqual([undefined]);
  expect(outbox.waitMs(125)).toBe(5);
  expect(outbox.waitMs(1_000), 'overdue').toBe(0);
  expect(seqs(take(outbox, 130))).toEqual([2n]);
  expect(outbox.waitMs(130)).toBeUndefined();
});

test('what the log tells of one kill places the other that waits', () => {
  const { outbox, placement } = watched('/a', '/b');
  outbox.add([kill(1n)], 0);
  placement.observe();
  take(outbox, 0);
  outbox.add([inCgroup(2n, '/b')], 3);
  const events = take(outbox, 3);
  expect(cgroups(events)).toEqual([
    { victim: '/a', from: 'counter' },
    { victim: '/b', from: 'log' },
  ]);
});

test('a kill that was given out without a cgroup does not take one from the next', () => {
  const { outbox, placement } = watched('/a', '/b');
  outbox.add([kill(1n)], 0);
  take(outbox, mostWaitMs);
  expect(placement.mayTell(1n), 'nobody waits for it').toBe(false);
  outbox.add([kill(2n)], mostWaitMs);
  placement.observe();
  expect(take(outbox, mostWaitMs)).toEqual([]);
  expect(cgroups(take(outbox, 2 * mostWaitMs))).toEqual([undefined]);
});

test("a group's first victim, logged and counted twice, does not cost another kill its cgroup", () => {
  const { outbox, placement } = watched('/a', '/a', '/b');
  placement.observe();
  outbox.add([inCgroup(1n, '/a'), repeat(2n, '/a'), kill(3n)], 0);
  expect(cgroups(take(outbox, 0))).toEqual([
    { victim: '/a', from: 'log' },
    undefined,
    { victim: '/b', from: 'counter' },
  ]);
});

test('a repeat in an unknown cgroup does not keep what is behind it', () => {
  const { outbox } = watched('/a');
  outbox.add([repeat(1n), forged(2n)], 0);
  expect(seqs(take(outbox, 0))).toEqual([1n, 2n]);
});

test('a cgroup that the log told is not replaced by what the counters say', () => {
  const { outbox, placement } = watched('/b');
  placement.observe();
  expect(take(outbox, 0), 'the counters are first').toEqual([]);
  outbox.add([inCgroup(1n, '/a')], 0);
  expect(cgroups(take(outbox, 0))).toEqual([{ victim: '/a', from: 'log' }]);
});

test('a limit that the log told stays beside the cgroup that the counters tell', () => {
  const { outbox, placement } = watched('/a/b');
  placement.observe();
  outbox.add([kill(1n, { limit: '/a' })], 0);
  expect(cgroups(take(outbox, 0))).toEqual([{ limit: '/a', victim: '/a/b', from: 'counter' }]);
});

test('kills that the ring held before the watch began do not wait for counters that cannot know them', () => {
  const { outbox } = watched();
  outbox.add([kill(1n), kill(2n)], 0);
  expect(seqs(take(outbox, 0))).toEqual([1n, 2n]);
});

test('at the end nothing waits any more', () => {
  const { outbox } = watched('/a', '/b');
  outbox.add([kill(1n), kill(2n), forged(3n)], 0);
  expect(take(outbox, 0)).toEqual([]);
  expect(seqs(take(outbox, 0, true))).toEqual([1n, 2n, 3n]);
});

test('an event that the consumer has not taken yet is held back from the cursor', () => {
  const { outbox } = watched();
  outbox.add([kill(1n), kill(2n)], 0);
  expect(outbox.take(0)?.seq).toBe(1n);
  expect(outbox.heldSeq).toBe(2n);
});

test('a node without counters keeps no kill waiting', () => {
  const outbox = new Outbox(undefined);
  outbox.add([kill(1n)], 0);
  expect(seqs(take(outbox, 0))).toEqual([1n]);
  expect(outbox.waitMs(0)).toBeUndefined();
});
