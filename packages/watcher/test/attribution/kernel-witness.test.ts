import type { WitnessedLevel, WitnessRecord } from '@oomwatcher/kmsg';
import type { OomLine } from '@oomwatcher/oom';
import { expect, it } from 'vitest';
import { KernelWitness, limitOf } from '../../src/attribution/kernel-witness.js';

function level(name: string, change: Partial<WitnessedLevel> = {}): WitnessedLevel {
  return { id: BigInt(name.length), name, usageKiB: 100, kills: 0, aboveTrigger: true, ...change };
}

const full = { usageKiB: 1000, limitKiB: 1024 };

function record(pid: number, change: Partial<WitnessRecord> = {}): WitnessRecord {
  return {
    kind: 'kill',
    sequence: pid,
    dropped: 0,
    monotonicUs: 0,
    takenMonotonicUs: 0,
    process: {
      pid,
      tgid: pid,
      name: 'app',
      startBoottimeNs: 0n,
      uid: 0,
      oomScoreAdj: 0,
      parentPid: 1,
      parentName: 'init',
      totalVmKiB: 2000,
    },
    levels: [level(`c${pid}`, full), level('pod'), level('')],
    levelsCut: false,
    trigger: { pid: 9, tgid: 9, name: 'asker', cgroupId: 1n, levels: [], levelsCut: false },
    ...change,
  };
}

function line(pid: number, seq = BigInt(pid), vm = 2000): OomLine {
  const text = `Memory cgroup out of memory: Killed process ${pid} (app) total-vm:${vm}kB, anon-rss:1kB, file-rss:1kB, shmem-rss:0kB, UID:0 pgtables:4kB oom_score_adj:0`;
  return { seq, priority: 3, text } as OomLine;
}

function open(...waiting: WitnessRecord[]) {
  const witness = new KernelWitness(() => ({ read: () => waiting.splice(0), close() {} }));
  witness.begin();
  return { witness, waiting };
}

it('gives a line what the kernel said of its kill', () => {
  const { witness } = open(record(5));
  expect(witness.victimOf(line(5))).toEqual({
    from: 'kernel',
    tgid: 5,
    cgroup: '/pod/c5',
    limit: '/pod/c5',
    memory: full,
    trigger: { pid: 9, name: 'asker' },
  });
  expect(witness.victimOf(line(5))).toBeUndefined();
});

it('passes over records whose lines are lost, and lines whose records are', () => {
  const { witness } = open(record(1), record(2), record(4));
  expect(witness.victimOf(line(2))?.cgroup).toBe('/pod/c2');
  expect(witness.victimOf(line(3))).toBeUndefined();
  expect(witness.victimOf(line(4))?.cgroup).toBe('/pod/c4');
  // Its line was lost; a record is never taken out of its order.
  expect(witness.victimOf(line(1))).toBeUndefined();
});

it('does not take another process of the same pid and name', () => {
  const { witness } = open(record(5));
  expect(witness.victimOf(line(5, 5n, 1999))).toBeUndefined();
  expect(witness.victimOf(line(5))?.cgroup).toBe('/pod/c5');
});

it('does not join lines of before the watch was live', () => {
  const witness = new KernelWitness(() => ({ read: () => [record(5)], close() {} }));
  expect(witness.victimOf(line(5))).toBeUndefined();
});

it('a record that comes after its line still places it', () => {
  const { witness, waiting } = open();
  expect(witness.victimOf(line(5))).toBeUndefined();
  expect(witness.mayPlace(5n)).toBe(true);
  expect(witness.takePlaces()).toEqual([]);
  waiting.push(record(5));
  expect(witness.takePlaces()).toEqual([{ seq: 5n, path: '/pod/c5', from: 'kernel' }]);
  expect(witness.mayPlace(5n)).toBe(false);
});

it('a first victim that dies twice has a record for each of its lines, and a sharer for none', () => {
  const { levels, trigger, ...again } = record(5, { kind: 'again' });
  const { witness } = open(record(5), record(6, { kind: 'sharer' }), again, record(6));
  expect(witness.victimOf(line(5))?.cgroup).toBe('/pod/c5');
  expect(witness.victimOf(line(5, 6n))?.cgroup).toBeUndefined();
  expect(witness.victimOf(line(6, 7n))?.cgroup).toBe('/pod/c6');
});

it('a chain that was cut names no cgroup', () => {
  const { witness } = open(record(5, { levelsCut: true }));
  const reported = witness.victimOf(line(5));
  expect(reported?.tgid).toBe(5);
  expect(reported?.cgroup).toBeUndefined();
  expect(reported?.limit).toBeUndefined();
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

it('keeps a bounded number of records', () => {
  const { witness } = open(...Array.from({ length: 5000 }, (_, index) => record(index + 1)));
  expect(witness.victimOf(line(1))).toBeUndefined();
  expect(witness.victimOf(line(5000))?.cgroup).toBe('/pod/c5000');
});
