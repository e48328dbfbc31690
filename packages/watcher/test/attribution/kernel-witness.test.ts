import type { WitnessRecord } from '@oomwatcher/kmsg';
import { expect, it } from 'vitest';
import { KernelWitness } from '../../src/attribution/kernel-witness.js';
import type { ToldKill } from '../../src/attribution/place-source.js';
import { limitOf } from '../../src/attribution/witnessed.js';
import { pass, stopClock } from '../support/scripted-kernel.js';
import { full, level, line, record } from '../support/witness-records.js';

stopClock();

function open(...waiting: WitnessRecord[]) {
  const released: number[] = [];
  const witness = new KernelWitness(() => ({
    read: () => waiting.splice(0),
    release: (count) => void released.push(count),
    close() {},
  }));
  return { witness, waiting, released };
}

function live(...waiting: WitnessRecord[]) {
  const opened = open(...waiting);
  opened.witness.begin();
  return opened;
}

const pids = (told: readonly ToldKill[]) =>
  told.map((each) => (each.kind === 'kill' ? each.kill.pid : each.kind));

it('gives a line what the kernel told of its kill', () => {
  const { witness } = live(record(5));
  expect(witness.victimOf(line(5))).toEqual({
    from: 'kernel',
    tgid: 5,
    startTicks: 5,
    cgroup: '/pod/c5',
    limit: '/pod/c5',
    memory: full,
    trigger: { pid: 9, name: 'asker' },
  });
  expect(witness.victimOf(line(5))).toBeUndefined();
});

it('a kill whose line does not come is told without it, and its line, should it come, is no second kill', () => {
  const { witness } = live(record(5), record(6));
  expect(witness.takeToldKills(performance.now())).toEqual([]);
  expect(witness.awaitsLine()).toBe(true);
  expect(witness.waitMs(performance.now())).toBeLessThanOrEqual(1);
  pass(5);
  expect(pids(witness.takeToldKills(performance.now()))).toEqual([5, 6]);
  expect(witness.waitMs(performance.now())).toBeUndefined();
  expect(witness.victimOf(line(5))).toMatchObject({ isTold: true, startTicks: 5 });
  pass(5);
  expect(witness.takeToldKills(performance.now())).toEqual([]);
});

it('a kill whose line is lost is told before the next one whose line is there', () => {
  const { witness } = live(record(1), record(2), record(4));
  expect(witness.victimOf(line(2))?.cgroup).toBe('/pod/c2');
  expect(pids(witness.takePassed())).toEqual([1]);
  expect(witness.victimOf(line(3))).toBeUndefined();
  expect(witness.victimOf(line(4))?.cgroup).toBe('/pod/c4');
  expect(witness.takePassed()).toEqual([]);
  // Its line was lost; a record is never taken out of its order.
  expect(witness.victimOf(line(1))).toBeUndefined();
});

it('does not take another process of the same pid and name', () => {
  const { witness } = live(record(5));
  expect(witness.victimOf(line(5, 5n, 1999))).toBeUndefined();
  expect(witness.victimOf({ ...line(5), timestampUs: 3_600_000_000 })).toBeUndefined();
  expect(witness.victimOf(line(5))?.cgroup).toBe('/pod/c5');
});

it('kills of before the start are joined to their lines, told when the log has been read, or dropped', () => {
  const resumed = open(record(5), record(6));
  expect(resumed.witness.victimOf(line(5))?.cgroup).toBe('/pod/c5');
  pass(1000);
  expect(resumed.witness.takeToldKills(performance.now())).toEqual([]);
  resumed.witness.begin();
  pass(5);
  expect(pids(resumed.witness.takeToldKills(performance.now()))).toEqual([6]);
  const { witness } = open(record(5));
  witness.begin(true);
  pass(5);
  expect(witness.takeToldKills(performance.now())).toEqual([]);
});

it('a first victim that dies twice has a record for each of its lines, and a sharer is told with its victim', () => {
  const { levels, trigger, ...again } = record(5, { kind: 'again' });
  const { witness } = live(record(5), record(8, { kind: 'sharer' }), again, record(6));
  expect(witness.victimOf(line(5))?.cgroup).toBe('/pod/c5');
  expect(witness.takePassed()).toEqual([]);
  expect(pids(witness.takeToldKills(performance.now()))).toEqual(['sharer']);
  expect(witness.victimOf(line(5, 6n))).toMatchObject({ again: true });
  expect(witness.victimOf(line(6, 7n))?.cgroup).toBe('/pod/c6');
  pass(5);
  expect(witness.takeToldKills(performance.now())).toEqual([]);
});

it('what was the beginning of a kill is no sharer', () => {
  const { witness, waiting } = live(record(6, { kind: 'sharer' }));
  expect(witness.takeToldKills(performance.now())).toEqual([]);
  waiting.push(record(6));
  witness.takeToldKills(performance.now());
  pass(5);
  expect(pids(witness.takeToldKills(performance.now()))).toEqual([6]);
});

it('only what was given out is released, and only when that is recorded', () => {
  const { witness, released } = live(
    record(5),
    record(6, { kind: 'sharer' }),
    record(7),
    record(8),
  );
  expect(witness.victimOf(line(5))?.cgroup).toBe('/pod/c5');
  expect(released).toEqual([]);
  witness.acknowledge();
  expect(released).toEqual([1]);
  expect(witness.victimOf(line(8))?.cgroup).toBe('/pod/c8');
  witness.acknowledge();
  expect(released, 'what is passed has not been taken').toEqual([1]);
  expect(pids(witness.takePassed())).toEqual(['sharer', 7]);
  witness.acknowledge();
  witness.acknowledge();
  expect(released).toEqual([1, 3]);
});

it('a kill without its line says that its sizes lack what CPUs had not added', () => {
  const { process } = record(5);
  const { witness } = live(
    record(5, { process: { ...process, sizesApproximate: true } }),
    record(6),
  );
  pass(5);
  const kills = witness.takeToldKills(performance.now());
  expect(kills.map((told) => told.kind === 'kill' && told.kill.witness.sizesApproximate)).toEqual([
    true,
    undefined,
  ]);
});

it('a chain that was cut names no cgroup', () => {
  const { witness } = live(record(5, { levelsCut: true }));
  const told = witness.victimOf(line(5));
  expect(told?.tgid).toBe(5);
  expect(told?.cgroup).toBeUndefined();
  expect(told?.limit).toBeUndefined();
});

it('names the limit only where the kernel says it or one answer is left', () => {
  const outer = level('outer', full);
  const inner = level('in', full);
  expect(limitOf(record(5, { levels: [inner, outer] }))).toBeUndefined();
  expect(limitOf(record(5, { levels: [level('a'), outer] }))).toBe(outer);
  const apart = { ...inner, aboveTrigger: false };
  expect(limitOf(record(5, { levels: [apart, outer] }))).toBe(outer);
  const { aboveTrigger, ...unknown } = outer;
  expect(limitOf(record(5, { levels: [unknown] }))).toBeUndefined();
  const control = { limitCgroupId: inner.id, gfpMask: 0, order: 0 };
  expect(limitOf(record(5, { levels: [inner, outer], control }))).toBe(inner);
  // The host itself was out of memory.
  expect(
    limitOf(record(5, { levels: [inner], control: { gfpMask: 0, order: 0 } })),
  ).toBeUndefined();
});

it('names the limit of a pod with one container, whose own is as high and as good as full', () => {
  const pod = level('pod', { usageKiB: 24576, limitKiB: 24576 });
  const beside = (sandboxKiB: number) =>
    level('app', { usageKiB: 24576 - sandboxKiB, limitKiB: 24576 });
  expect(limitOf(record(5, { levels: [beside(228), pod] }))).toBe(pod);
  expect(limitOf(record(5, { levels: [beside(28), pod] }))).toBeUndefined();
});

it('keeps a bounded number of records; the oldest are told at once', () => {
  const { witness } = live(...Array.from({ length: 5000 }, (_, index) => record(index + 1)));
  const told = witness.takeToldKills(performance.now());
  expect(pids(told)).toEqual(Array.from({ length: 904 }, (_, index) => index + 1));
  expect(witness.victimOf(line(1))).toBeUndefined();
  expect(witness.victimOf(line(5000))?.cgroup).toBe('/pod/c5000');
  expect(witness.takePassed()).toHaveLength(4095);
});
