import type { Kill } from '@oomwatcher/oom';
import { expect, test } from 'vitest';
import { LostKills } from '../../src/attribution/lost-kills.js';
import { ScriptedKernel, stopClock } from '../support/scripted-kernel.js';

stopClock();

/** A watch over this kernel, and what it finds while the clock goes on in steps. */
function watch(kernel: ScriptedKernel) {
  const places = kernel.places();
  const reading = { dry: 0, takenAll: true };
  const lostKills = new LostKills(places, 'b', {
    timesDry: () => reading.dry,
    hasTakenAll: () => reading.takenAll,
  });
  let nowMs = 0;
  let drying = true;
  const pass = (milliseconds: number): Kill[] => {
    const found: Kill[] = [];
    for (const endMs = nowMs + milliseconds; nowMs < endMs; nowMs += 20) {
      if (drying) reading.dry++;
      found.push(...lostKills.takeKills(nowMs));
    }
    return found;
  };
  return {
    places,
    lostKills,
    pass,
    reading,
    /** A flood: the log never runs dry. */
    flood: () => (drying = false),
    lose: () => {
      places.recordsLost();
      lostKills.recordsLost(nowMs);
    },
    now: () => nowMs,
  };
}

const longEnoughMs = 5_000;

test('a kill that is only late is not reported as lost: nothing is asked before records are lost', () => {
  const kernel = new ScriptedKernel();
  const { lostKills, pass } = watch(kernel);
  kernel.kill('/a');
  expect(pass(longEnoughMs)).toEqual([]);
  expect(lostKills.waitMs(0)).toBeUndefined();
});

test('a kill whose line was overrun is reported in its cgroup, without a victim', () => {
  const kernel = new ScriptedKernel();
  const { pass, lose } = watch(kernel);
  kernel.kill('/kubepods/burstable/podabc/x');
  lose();
  const [found, ...rest] = pass(longEnoughMs);
  expect(rest).toEqual([]);
  expect(found).toMatchObject({
    schema: 'oomwatcher.kill/v1',
    bootId: 'b',
    cgroup: { victim: '/kubepods/burstable/podabc/x', from: 'counter' },
    pod: { uid: 'abc', qos: 'burstable' },
    complete: false,
  });
  for (const unknown of ['victim', 'seq', 'monotonicUs', 'scope', 'memory', 'trigger']) {
    expect(found).not.toHaveProperty(unknown);
  }
});

test('of several possible cgroups only what is certain is claimed, but every kill is reported', () => {
  const kernel = new ScriptedKernel();
  const { places, pass, lose } = watch(kernel);
  kernel.kill('/a');
  kernel.kill('/b');
  kernel.kill('/b');
  places.killLine(1n);
  lose();
  // The line that was read is of one of the three; whichever it is, one of /b was lost.
  expect(pass(longEnoughMs).map(({ cgroup }) => cgroup)).toEqual([
    { victim: '/b', from: 'counter' },
    { from: 'counter' },
  ]);
});

test('a line that was read and has not arrived here yet is not reported as lost', () => {
  const kernel = new ScriptedKernel();
  const { places, pass, lose, reading } = watch(kernel);
  lose();
  kernel.kill('/a');
  reading.takenAll = false;
  expect(pass(longEnoughMs)).toEqual([]);
  places.killLine(1n);
  reading.takenAll = true;
  expect(pass(longEnoughMs)).toEqual([]);
});

test('a line that the reader has not come to yet is not reported as lost', () => {
  const kernel = new ScriptedKernel();
  const { places, pass, lose, flood } = watch(kernel);
  lose();
  flood();
  kernel.kill('/a');
  expect(pass(longEnoughMs)).toEqual([]);
  places.killLine(1n);
  expect(pass(60_000)).toEqual([]);
});

test('a flood without an end does not put the answer off for ever', () => {
  const kernel = new ScriptedKernel();
  const { pass, lose, flood } = watch(kernel);
  lose();
  flood();
  kernel.kill('/a');
  expect(pass(10_000)).toEqual([]);
  expect(pass(10_000)).toHaveLength(1);
});

test('while the kernel still kills nothing is reported: the line may be on its way', () => {
  const kernel = new ScriptedKernel();
  const { places, pass, lose } = watch(kernel);
  lose();
  kernel.kill('/lost');
  for (let seq = 1n; seq < 8n; seq++) {
    kernel.kill('/a');
    expect(pass(1_000)).toEqual([]);
    places.killLine(seq);
  }
});

test('a storm without an end does not put the answer off for ever, and no line that is on its way is reported as lost', () => {
  const kernel = new ScriptedKernel();
  const { places, pass, lose } = watch(kernel);
  lose();
  kernel.kill('/lost');
  const found: Kill[] = [];
  for (let seq = 1n; seq <= 100n; seq++) {
    kernel.kill('/a');
    found.push(...pass(seq % 3n === 0n ? 0 : 500));
    places.killLine(seq);
    places.placed(seq, '/a');
    found.push(...pass(500));
  }
  expect(found.map(({ cgroup }) => cgroup?.victim)).toEqual(['/lost']);
  kernel.kill('/b');
  places.killLine(101n);
  places.observe();
  expect(places.takePlaces(), 'the counters place again').toEqual([
    { seq: 101n, path: '/b', from: 'counter' },
  ]);
});

test('a line of after the loss that nobody could place does not leave the lost kills without their cgroups', () => {
  const kernel = new ScriptedKernel();
  const { places, pass, lose } = watch(kernel);
  const lost = ['/lost/0', '/lost/1', '/lost/2'];
  for (const path of lost) kernel.kill(path);
  lose();
  const found: Kill[] = [];
  for (let seq = 1n; seq <= 20n; seq++) {
    found.push(...pass(400));
    kernel.kill(`/a/${seq}`);
    found.push(...pass(20)); // its line is on its way
    places.killLine(seq);
  }
  expect(found.map(({ cgroup }) => cgroup?.victim).sort()).toEqual(lost);
});

test('a line that was on its way when all seemed read is not taken for a later one', () => {
  const kernel = new ScriptedKernel();
  const { places, pass, lose } = watch(kernel);
  kernel.kill('/lost');
  lose();
  kernel.kill('/late');
  const found: Kill[] = pass(400);
  places.killLine(1n);
  for (let seq = 2n; seq <= 20n; seq++) {
    kernel.kill('/a');
    places.killLine(seq);
    places.placed(seq, '/a');
    found.push(...pass(400));
  }
  expect(found.map(({ cgroup }) => cgroup)).toEqual([{ from: 'counter' }]);
});

test('a loss in the middle of a storm begins the answer anew', () => {
  const kernel = new ScriptedKernel();
  const { places, pass, lose } = watch(kernel);
  lose();
  kernel.kill('/lost');
  let seq = 0n;
  const kill = () => {
    kernel.kill('/a');
    places.killLine(++seq);
    places.placed(seq, '/a');
    return pass(1_000);
  };
  for (let i = 0; i < 7; i++) expect(kill()).toEqual([]);
  lose();
  kernel.kill('/lost');
  for (let i = 0; i < 7; i++) expect(kill()).toEqual([]);
  expect(kill()).toHaveLength(2);
});

test('the answer comes after a second and a half of calm, not before and not much later', () => {
  const kernel = new ScriptedKernel();
  const { pass, lose } = watch(kernel);
  kernel.kill('/a');
  lose();
  expect(pass(1_500)).toEqual([]);
  expect(pass(1_000)).toHaveLength(1);
});

test('a loss that cost no kill reports none, and stops asking', () => {
  const kernel = new ScriptedKernel();
  const { lostKills, pass, lose, now } = watch(kernel);
  lose();
  expect(lostKills.waitMs(now())).toBeGreaterThan(0);
  expect(pass(longEnoughMs)).toEqual([]);
  expect(lostKills.waitMs(now())).toBeUndefined();
});

test('a loss that cost no kill is known at the next look, also the second one', () => {
  const { lostKills, pass, lose, now } = watch(new ScriptedKernel());
  for (let loss = 0; loss < 2; loss++) {
    lose();
    expect(pass(60)).toEqual([]);
    expect(lostKills.waitMs(now())).toBeUndefined();
  }
});

test('losses that follow one another do not put the answer off for ever', () => {
  const kernel = new ScriptedKernel();
  const { pass, lose } = watch(kernel);
  kernel.kill('/a');
  const found: Kill[] = [];
  for (let i = 0; i < 50; i++) {
    lose();
    found.push(...pass(100));
  }
  expect(found).toHaveLength(1);
});

test('a lost kill is reported once, and no two share an id', () => {
  const kernel = new ScriptedKernel();
  const { pass, lose } = watch(kernel);
  kernel.kill('/a');
  kernel.kill('/b');
  lose();
  const found = pass(longEnoughMs);
  lose();
  expect(pass(longEnoughMs)).toEqual([]);
  kernel.kill('/a');
  lose();
  found.push(...pass(longEnoughMs));
  const ids = found.map(({ id }) => id);
  expect(ids).toHaveLength(3);
  expect(new Set(ids).size).toBe(3);
  for (const id of ids) expect(id).toMatch(/^b:c\d+$/);
});

test('a restarted agent does not give a lost kill the id that the first one used', () => {
  const kernel = new ScriptedKernel();
  const first = watch(kernel);
  kernel.kill('/a');
  first.lose();
  const [before] = first.pass(longEnoughMs);
  const second = watch(kernel);
  kernel.kill('/b');
  second.lose();
  const [after] = second.pass(longEnoughMs);
  expect(before?.id).toBeDefined();
  expect(after?.id).toBeDefined();
  expect(after?.id).not.toBe(before?.id);
});

test('when a lost kill happened nobody knows, so no time is made up', () => {
  const kernel = new ScriptedKernel();
  const { pass, lose } = watch(kernel);
  kernel.kill('/a');
  lose();
  const [found] = pass(longEnoughMs);
  expect(found).toBeDefined();
  expect(found).not.toHaveProperty('time');
});
