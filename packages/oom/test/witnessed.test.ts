import { type OomEvent, type OomLine, OomMachine, type WitnessedKill } from '@oomwatcher/oom';
import { expect, it } from 'vitest';
import { readCapture } from './support/capture.ts';
import { amended, killsOf } from './support/run.ts';

const bootId = '5d2c1c9e-6a52-4b0c-9f3e-0f0a6f3f7b11';

/** A kill as the kernel's program tells it. */
function witnessed(pid: number, change: Partial<WitnessedKill> = {}): WitnessedKill {
  return {
    seq: 1n,
    wallTimeUs: 1_795_000_000_000_000,
    pid,
    name: 'app',
    uid: 33,
    oomScoreAdj: 5,
    totalVmKiB: 2000,
    anonRssKiB: 100,
    fileRssKiB: 1,
    shmemRssKiB: 0,
    pageTablesKiB: 4,
    global: false,
    witness: {
      from: 'kernel',
      tgid: pid,
      startTicks: 7,
      cgroup: '/pod/app',
      limit: '/pod',
      memory: { usageKiB: 1000, limitKiB: 1024 },
      trigger: { pid: 9, name: 'asker' },
    },
    ...change,
  };
}

/** Its line; `told`: what the join to the kernel's word gives with it. */
function lineOf({ pid, witness }: WitnessedKill, seq: bigint, isTold: boolean): OomLine {
  return {
    seq,
    priority: 3,
    timestampUs: Number(seq) * 1000,
    wallTimeUs: 1_795_000_000_000_000,
    text: `Memory cgroup out of memory: Killed process ${pid} (app) total-vm:2000kB, anon-rss:100kB, file-rss:1kB, shmem-rss:0kB, UID:33 pgtables:4kB oom_score_adj:5`,
    witness: isTold ? { ...witness, isTold } : witness,
  };
}

function live() {
  return new OomMachine({ bootId, killsGroup: () => false });
}

it('a kill that the kernel told is one without its line', () => {
  const machine = live();
  machine.pushWitnessed(witnessed(5));
  const [kill] = killsOf(machine.take());
  expect(kill).toMatchObject({
    id: `${bootId}:p5-7`,
    bootId,
    time: '2026-11-18T11:06:40.000000Z',
    scope: 'cgroup',
    constraint: 'memcg',
    victim: { pid: 5, startTicks: 7, name: 'app', uid: 33, anonRssKiB: 100, oomScoreAdj: 5 },
    cgroup: { victim: '/pod/app', limit: '/pod', from: 'kernel' },
    memory: { usageKiB: 1000, limitKiB: 1024 },
    trigger: { manual: false, pid: 9, name: 'asker' },
    witnessed: true,
    complete: false,
  });
  expect(kill).not.toHaveProperty('seq');
  expect(kill).not.toHaveProperty('monotonicUs');
});

it('its line confirms it: an amendment under the same id, and no second kill', () => {
  const machine = live();
  machine.pushWitnessed(witnessed(5));
  const events: OomEvent[] = machine.take();
  machine.push(lineOf(witnessed(5), 12n, true));
  machine.flush();
  events.push(...machine.take());
  expect(events.map(({ kind }) => kind)).toEqual(['kill', 'amendment']);
  expect(machine.stats.kills).toBe(1);
  const [kill] = amended(events);
  expect(kill).toMatchObject({ id: `${bootId}:p5-7`, seq: 12, monotonicUs: 12_000 });
  expect(kill?.cgroup).toEqual({ victim: '/pod/app', limit: '/pod', from: 'kernel' });
});

it('sizes that the kernel had not added up yet say so, until the line tells them', () => {
  const machine = live();
  const { witness, ...rest } = witnessed(5);
  machine.pushWitnessed({ ...rest, witness: { ...witness, sizesApproximate: true } });
  const events: OomEvent[] = machine.take();
  expect(killsOf(events)[0]?.victim?.sizesApproximate).toBe(true);
  machine.push(lineOf(witnessed(5), 12n, true));
  machine.flush();
  events.push(...machine.take());
  expect(amended(events)[0]?.victim).not.toHaveProperty('sizesApproximate');
});

it('a line that is read before the kill is told has its own id, as without the kernel’s word', () => {
  const machine = live();
  machine.push(lineOf(witnessed(5), 12n, false));
  machine.flush();
  const [kill] = killsOf(machine.take());
  expect(kill).toMatchObject({ id: `${bootId}:12`, seq: 12, victim: { pid: 5, startTicks: 7 } });
});

it('a report that is in the log already is its own, and stays when the line comes', () => {
  const lines = readCapture('6.1.0-56--a-single');
  const at = lines.findIndex(({ text }) => text.includes('Killed process'));
  const kills = (machine: OomMachine) => killsOf(machine.take());
  const [whole] = (() => {
    const machine = live();
    for (const line of lines) machine.push(line);
    machine.flush();
    return kills(machine);
  })();
  const { victim } = whole ?? {};
  const machine = new OomMachine({ bootId, killsGroup: () => false, keepsReports: true });
  for (const line of lines.slice(0, at)) machine.push(line);
  const { name, uid = 0, oomScoreAdj = 0 } = victim ?? {};
  const told = witnessed(victim?.pid ?? 0, { name: name ?? '', uid, oomScoreAdj });
  machine.pushWitnessed({ ...told, seq: lines[at - 1]?.seq ?? 0n });
  const events = machine.take();
  const [kill] = killsOf(events);
  expect(kill).toMatchObject({ complete: true, tasks: whole?.tasks, memory: whole?.memory });
  expect(kill?.cgroup).toEqual(whole?.cgroup);
  expect(kill).not.toHaveProperty('witnessed');
  expect(events[0]).toMatchObject({ report: { lines: expect.any(Array) } });
  machine.push({ ...(lines[at] as OomLine), witness: { ...told.witness, isTold: true } });
  machine.flush();
  events.push(...machine.take());
  expect(events.filter((event) => event.kind === 'kill')).toHaveLength(1);
  expect(amended(events)[0]).toMatchObject({
    seq: whole?.seq,
    complete: true,
    tasks: whole?.tasks,
    cgroup: whole?.cgroup,
  });
});

it('a thread that was chosen is told with its process', () => {
  const machine = live();
  const told = witnessed(6);
  machine.pushWitnessed({ ...told, witness: { ...told.witness, tgid: 5 } });
  const [kill] = killsOf(machine.take());
  expect(kill).toMatchObject({ id: `${bootId}:p5-7`, victim: { pid: 5, tid: 6 } });
});

it('processes that die because they share the memory are told with the victim', () => {
  const machine = live();
  machine.pushSharer({ pid: 1, name: 'nobody' });
  machine.pushWitnessed(witnessed(5));
  machine.pushSharer({ pid: 6, name: 'vf\xffrk' });
  const events = machine.take();
  for (let pid = 7; pid < 200; pid++) machine.pushSharer({ pid, name: 'many' });
  machine.push(lineOf(witnessed(5), 12n, true));
  machine.flush();
  events.push(...machine.take());
  expect(killsOf(events)).toHaveLength(1);
  const [kill] = amended(events);
  expect(kill?.sharers).toHaveLength(64);
  expect(kill?.sharers?.[0]).toEqual({ pid: 6, name: 'vf\\xffrk' });
});

it('a member of a group that shares the memory of the first is a kill, and no sharer', () => {
  const machine = live();
  machine.pushWitnessed(witnessed(5));
  machine.pushSharer({ pid: 6, name: 'member' });
  machine.pushSharer({ pid: 7, name: 'elsewhere' });
  machine.pushWitnessed(witnessed(6));
  const [first, second] = amended(machine.take());
  expect(first?.sharers).toEqual([{ pid: 7, name: 'elsewhere' }]);
  expect(second?.victim?.pid).toBe(6);
});

it('a first victim that dies twice is told once, whether its lines are there or not', () => {
  const told = witnessed(5);
  const again = (seq: bigint, isTold: boolean): OomLine => ({
    ...lineOf(told, seq, isTold),
    witness: { from: 'kernel', tgid: 5, startTicks: 7, again: true, ...(isTold && { isTold }) },
  });
  const machine = live();
  machine.push(lineOf(told, 12n, false));
  machine.push(again(13n, false));
  machine.pushAgain(14n);
  machine.push(again(15n, true));
  machine.flush();
  expect(machine.take().map(({ kind }) => kind)).toEqual(['kill', 'repeat', 'repeat']);
  expect(machine.stats).toMatchObject({ kills: 1, repeats: 2 });
});

it('a group’s announcement after the line of a kill that was told makes it the group’s first', () => {
  const machine = new OomMachine({ bootId, killsGroup: () => true });
  machine.pushWitnessed(witnessed(5));
  machine.push(lineOf(witnessed(5), 12n, true));
  machine.push({
    seq: 13n,
    priority: 6,
    timestampUs: 13_000,
    text: 'Tasks in /pod/app are going to be killed due to memory.oom.group set',
  });
  machine.push(lineOf(witnessed(6), 14n, false));
  machine.settle(5000);
  const kills = amended(machine.take());
  const group = { id: `${bootId}:p5-7`, size: 2, cgroup: '/pod/app' };
  expect(kills.map(({ victim, group }) => [victim?.pid, group])).toEqual([
    [5, group],
    [6, group],
  ]);
});

it('a group whose members were told before their lines is one, however many of them were', () => {
  const pids = [5, 6, 7, 8, 9, 10, 11];
  const kindsOf = (toldBefore: number, toldAfter: number) => {
    const machine = new OomMachine({ bootId, killsGroup: () => undefined });
    const tell = (from: number, to: number, seq: bigint) => {
      for (const pid of pids.slice(from, to)) machine.pushWitnessed(witnessed(pid, { seq }));
    };
    tell(0, toldBefore, 11n);
    machine.settle();
    machine.push(lineOf(witnessed(5), 12n, toldBefore > 0));
    machine.push({
      seq: 13n,
      priority: 6,
      timestampUs: 13_000,
      text: 'Tasks in /pod/app are going to be killed due to memory.oom.group set',
    });
    tell(Math.max(toldBefore, 1), toldAfter, 13n);
    for (const [at, pid] of pids.entries()) {
      if (at > 0) machine.push(lineOf(witnessed(pid), BigInt(13 + at), at < toldAfter));
      else machine.pushAgain(13n);
    }
    machine.settle(5000);
    const events = machine.take();
    expect(killsOf(events)).toHaveLength(pids.length);
    return amended(events).map(({ victim, group, seq }) => [victim?.pid, group?.size, seq]);
  };
  const whole = pids.map((pid, at) => [pid, 7, at === 0 ? 12 : 13 + at]);
  for (let before = 0; before <= pids.length; before++) {
    for (let after = before; after <= pids.length; after++) {
      expect(kindsOf(before, after), `${before} and ${after}`).toEqual(whole);
    }
  }
});

it('as many kills wait for their lines as are kept', () => {
  const machine = live();
  for (let pid = 1; pid <= 4097; pid++) machine.pushWitnessed(witnessed(pid));
  machine.push(lineOf(witnessed(1), 12n, true));
  machine.push(lineOf(witnessed(2), 13n, true));
  machine.flush();
  const events = machine.take();
  // What was forgotten is known to the journal by its id's two forms.
  expect(events.filter((event) => event.kind === 'kill')).toHaveLength(4098);
  expect(events.filter((event) => event.kind === 'amendment')).toHaveLength(1);
});
