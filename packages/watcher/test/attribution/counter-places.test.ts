import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { needs } from '../../../../test/support/needs.ts';
import { CounterPlaces } from '../../src/attribution/counter-places.js';
import { findMemoryHierarchy } from '../../src/node/memory-hierarchy.js';
import { pass, ScriptedKernel, stopClock } from '../support/scripted-kernel.js';

stopClock();

const unread = (places: CounterPlaces) => places.takeUnread(places.kernelKills());

test('a kill whose report the kernel withheld is placed where the only count rose', () => {
  const kernel = new ScriptedKernel();
  const places = kernel.places();
  kernel.kill('/a');
  places.killLine(1n);
  expect(places.mayPlace(1n)).toBe(true);
  places.observe();
  expect(places.takePlaces()).toEqual([{ seq: 1n, path: '/a', from: 'counter' }]);
  expect(places.mayPlace(1n)).toBe(false);
});

test('kills from before the watch do not place those of the watch', () => {
  const kernel = new ScriptedKernel();
  kernel.kill('/old');
  const places = kernel.places();
  kernel.kill('/a');
  places.killLine(1n);
  places.observe();
  expect(places.takePlaces()).toEqual([{ seq: 1n, path: '/a', from: 'counter' }]);
});

test('a kill that is counted but not yet logged does not lend its cgroup to the one that is', () => {
  const kernel = new ScriptedKernel();
  const places = kernel.places();
  kernel.kill('/a');
  kernel.kill('/b');
  places.killLine(1n);
  places.observe();
  expect(places.takePlaces()).toEqual([]);
  places.killLine(2n);
  places.observe();
  expect(places.takePlaces(), 'two kills, two cgroups').toEqual([]);
  places.placed(2n, '/a');
  expect(places.takePlaces()).toEqual([{ seq: 1n, path: '/b', from: 'counter' }]);
});

test('a kill in a cgroup that nobody watches is not reported to be in another', () => {
  const kernel = new ScriptedKernel();
  const places = kernel.places();
  kernel.kill(undefined);
  places.killLine(1n);
  places.observe();
  expect(places.takePlaces()).toEqual([]);
  expect(kernel.scans, 'a cgroup may be new').toBeGreaterThan(0);
});

test('a line whose kill was counted before the start is not given the next count', () => {
  const kernel = new ScriptedKernel();
  const places = kernel.places();
  places.killLine(1n);
  places.observe();
  expect(places.mayPlace(1n), 'nothing will place it').toBe(false);
  pass(300);
  kernel.kill('/a');
  places.killLine(2n);
  places.observe();
  expect(places.takePlaces()).toEqual([{ seq: 2n, path: '/a', from: 'counter' }]);
});

test('a kill right after the start may be one of before, so it is not placed', () => {
  const kernel = new ScriptedKernel();
  const places = kernel.places({ settled: false });
  pass(200);
  kernel.kill('/a');
  places.killLine(1n);
  places.observe();
  expect(places.takePlaces()).toEqual([]);
  pass(300);
  expect(places.account()).toEqual({ kernelKills: 1, unaccounted: 0 });
});

test('the account is of lines read and kills found, not of kills from before the watch', () => {
  const kernel = new ScriptedKernel();
  kernel.kill('/old');
  const places = kernel.places();
  expect(places.account()).toEqual({ kernelKills: 0, unaccounted: 0 });
  kernel.kill('/a');
  places.killLine(1n);
  kernel.kill('/b');
  expect(places.account()).toEqual({ kernelKills: 2, unaccounted: 1 });
  places.recordsLost();
  expect(unread(places)).toEqual([undefined]);
  expect(places.account()).toEqual({ kernelKills: 2, unaccounted: 0 });
});

test('a line that is taken seconds after it was printed is not taken for one of a kill since', () => {
  const kernel = new ScriptedKernel();
  const printedMs = performance.now();
  kernel.kill('/old');
  const places = kernel.places();
  kernel.kill('/new');
  // Whoever takes the kills was busy meanwhile.
  pass(3000);
  places.killLine(1n, printedMs);
  places.observe();
  expect(places.takePlaces(), 'the count is of another kill').toEqual([]);
});

test('a slow consumer has an account: lines of before that it takes late make no negative one', () => {
  const kernel = new ScriptedKernel();
  const printedMs = performance.now();
  kernel.kill('/old');
  const places = kernel.places({ settled: false });
  for (let kill = 0; kill < 11; kill++) kernel.kill('/a');
  for (let seq = 1n; seq <= 12n; seq++) {
    pass(300);
    places.killLine(seq, printedMs);
    places.observe();
    expect(places.account().unaccounted, `after ${seq}`).toBeGreaterThanOrEqual(0);
  }
  expect(places.account()).toEqual({ kernelKills: 12, unaccounted: 0 });
  kernel.kill('/a');
  expect(places.account()).toEqual({ kernelKills: 13, unaccounted: 1 });
});

test('without a kill line nothing is sampled', () => {
  const kernel = new ScriptedKernel();
  const places = kernel.places();
  const { samples } = kernel;
  for (let i = 0; i < 100; i++) places.observe();
  expect(kernel.samples).toBe(samples);
});

test('a storm on a node with thousands of cgroups does not spend its time on reading counters', () => {
  const kernel = new ScriptedKernel();
  const places = kernel.places();
  kernel.sampleMs = 5;
  const { samples } = kernel;
  for (let seq = 0n; seq < 1000n; seq++) {
    kernel.kill('/a');
    places.killLine(seq);
    places.observe();
    pass(1);
  }
  // 5 ms each, and 20 ms between them.
  expect(kernel.samples - samples).toBeGreaterThan(30);
  expect(kernel.samples - samples).toBeLessThanOrEqual(50);
});

test('after records were lost nothing is placed while a line may be missing', () => {
  const kernel = new ScriptedKernel();
  const places = kernel.places();
  places.recordsLost();
  kernel.kill('/lost');
  kernel.kill('/a');
  places.killLine(2n);
  places.observe();
  expect(places.takePlaces()).toEqual([]);
  places.placed(2n, '/a');
  expect(unread(places)).toEqual(['/lost']);
  kernel.kill('/b');
  places.killLine(3n);
  places.observe();
  expect(places.takePlaces()).toEqual([{ seq: 3n, path: '/b', from: 'counter' }]);
});

test('a loss that cost no kill does not cost the kills after it their place', () => {
  const kernel = new ScriptedKernel();
  const places = kernel.places();
  places.recordsLost();
  kernel.kill('/a');
  places.killLine(2n);
  places.observe();
  expect(places.takePlaces()).toEqual([{ seq: 2n, path: '/a', from: 'counter' }]);
  expect(places.isIncomplete).toBe(false);
});

test('after a loss at the start as many lines as counts place nothing: they need not be of the same kills', () => {
  const kernel = new ScriptedKernel();
  const places = kernel.places({ settled: false });
  places.recordsLost();
  kernel.kill('/lost');
  places.killLine(1n); // counted before the start
  places.observe();
  expect(places.takePlaces()).toEqual([]);
  pass(300);
  places.observe();
  expect(places.takePlaces()).toEqual([]);
  expect(places.isIncomplete).toBe(true);
});

test('a line that came too soon after the start and is looked at late is not taken for one of after it', () => {
  const kernel = new ScriptedKernel();
  kernel.sampleMs = 100;
  const places = kernel.places({ settled: false });
  places.killLine(1n); // counted before the start
  places.observe(); // put off: samples are slow here
  pass(300);
  kernel.kill('/b');
  places.killLine(2n);
  places.placed(2n, '/b');
  kernel.kill('/c'); // its line is on its way
  pass(200);
  places.observe();
  expect(places.takePlaces()).toEqual([]);
});

test('nor does such a line stand for one that was lost', () => {
  const kernel = new ScriptedKernel();
  const places = kernel.places({ settled: false });
  places.killLine(1n); // counted before the start
  pass(300);
  places.recordsLost();
  kernel.kill('/lost');
  places.observe();
  expect(places.isIncomplete).toBe(true);
});

test('nor one that comes when the lost ones have kept the log silent', () => {
  const kernel = new ScriptedKernel();
  const places = kernel.places({ settled: false });
  places.recordsLost();
  pass(300);
  kernel.kill('/lost');
  places.killLine(1n); // counted before the start
  places.observe();
  expect(places.isIncomplete).toBe(true);
});

test('a loss at the start does not leave the account open for ever because of a line from before', () => {
  const kernel = new ScriptedKernel();
  const places = kernel.places({ settled: false });
  places.killLine(1n); // counted before the start
  places.recordsLost();
  pass(2_000);
  expect(unread(places)).toEqual([]);
  pass(300);
  expect(places.account()).toEqual({ kernelKills: 1, unaccounted: 0 });
});

test('a kill that is counted while the lost ones are taken is not reported as one of them', () => {
  const kernel = new ScriptedKernel();
  const places = kernel.places();
  places.recordsLost();
  kernel.kill('/lost');
  const kernelKills = places.kernelKills();
  kernel.kill('/a');
  expect(places.takeUnread(kernelKills)).toBeUndefined();
  places.killLine(1n);
  places.placed(1n, '/a');
  expect(unread(places)).toEqual(['/lost']);
});

test('while lines are missing a cgroup that is removed has been read before', () => {
  const kernel = new ScriptedKernel();
  const places = kernel.places();
  places.recordsLost();
  kernel.kill('/a');
  const { samples } = kernel;
  places.follow();
  expect(kernel.samples).toBeGreaterThan(samples);
  const after = kernel.samples;
  for (let i = 0; i < 100; i++) places.follow();
  expect(kernel.samples, 'no kill, no sample').toBe(after);
});

test('two lost kills in two cgroups are each reported in its own', () => {
  const kernel = new ScriptedKernel();
  const places = kernel.places();
  places.recordsLost();
  kernel.kill('/a');
  kernel.kill('/b');
  kernel.kill('/b');
  expect(unread(places)?.sort()).toEqual(['/a', '/b', '/b']);
});

test('a lost kill is not given a cgroup when one that was read has none', () => {
  const kernel = new ScriptedKernel();
  const places = kernel.places();
  places.recordsLost();
  kernel.kill('/a');
  kernel.kill('/b');
  places.killLine(1n);
  expect(unread(places)).toEqual([undefined]);
});

test('a lost kill in a cgroup that nobody watches is still a kill', () => {
  const kernel = new ScriptedKernel();
  const places = kernel.places();
  places.recordsLost();
  kernel.kill(undefined);
  kernel.kill('/a');
  expect(unread(places)).toEqual(['/a', undefined]);
});

test('a loss that cost no kill line makes up none', () => {
  const kernel = new ScriptedKernel();
  const places = kernel.places();
  kernel.kill('/a');
  places.killLine(1n);
  places.recordsLost();
  expect(unread(places)).toEqual([]);
  expect(unread(places)).toEqual([]);
});

test('a line that was counted before the start does not make a negative number of lost kills', () => {
  const kernel = new ScriptedKernel();
  const places = kernel.places();
  places.killLine(1n);
  places.recordsLost();
  expect(unread(places)).toEqual([]);
});

const vmstat = readFileSync('/proc/vmstat', 'latin1');
const hierarchy = findMemoryHierarchy();
const open = () => hierarchy && CounterPlaces.open(hierarchy, new ScriptedKernel().reading);
const here = /^oom_kill /m.test(vmstat) ? open() : undefined;
here?.close();

needs(() => (here === undefined ? 'needs memory cgroups that count kills' : undefined)).test(
  'on this node it counts what /proc/vmstat counts',
  () => {
    const kills = () =>
      Number(/^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'latin1'))?.[1]);
    const places = open() as CounterPlaces;
    onTestFinished(() => places.close());
    const before = kills();
    const reported = places.kernelKills();
    expect(reported).toBeGreaterThanOrEqual(before);
    expect(reported).toBeLessThanOrEqual(kills());
  },
);
