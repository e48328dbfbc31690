import type { Kill, OomEvent, OomLine } from '@oomwatcher/oom';
import { expect, test } from 'vitest';
import { Attribution } from '../../src/attribution/attribution.js';
import type { CounterPlaces } from '../../src/attribution/counter-places.js';
import type { Place, PlaceSource } from '../../src/attribution/place-source.js';
import { pass, ScriptedKernel, settledMs, stopClock } from '../support/scripted-kernel.js';

stopClock();

const maxWaitMs = 20;

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
function take(attribution: Attribution, nowMs: number, atEnd = false): OomEvent[] {
  const events: OomEvent[] = [];
  for (let event = attribution.take(nowMs, atEnd); event !== undefined; ) {
    events.push(event);
    event = attribution.take(nowMs, atEnd);
  }
  return events;
}

const seqs = (events: OomEvent[]) => events.map(({ seq }) => seq);
const cgroups = (events: OomEvent[]) =>
  events.map((event) => (event.kind === 'kill' ? event.kill.cgroup : undefined));

/** A watch on a node whose kernel has just killed in these cgroups and logged a line for each, from seq 1 on. */
function watched(...paths: (string | undefined)[]): {
  attribution: Attribution;
  places: CounterPlaces;
} {
  const kernel = new ScriptedKernel();
  const places = kernel.open();
  const attribution = new Attribution([places]);
  attribution.begin(false, 0);
  pass(settledMs);
  paths.forEach((path, index) => {
    kernel.kill(path);
    places.killLine(BigInt(index + 1));
  });
  return { attribution, places };
}

test('a kill that the counters place goes out with its cgroup', () => {
  const { attribution, places } = watched('/kubepods/podabc/x');
  attribution.add([kill(1n)], 0);
  expect(take(attribution, 0)).toEqual([]);
  places.observe();
  const [event] = take(attribution, 5);
  expect(cgroups([event as OomEvent])).toEqual([{ victim: '/kubepods/podabc/x', from: 'counter' }]);
  expect(event).toMatchObject({ kill: { pod: { uid: 'abc', qos: 'guaranteed' } } });
});

test('what comes after a kill that waits does not overtake it', () => {
  const { attribution, places } = watched('/a', '/b', '/b');
  attribution.add([kill(1n), forged(2n)], 0);
  attribution.add([inCgroup(3n, '/b')], 1);
  expect(take(attribution, 1)).toEqual([]);
  expect(attribution.heldSeq).toBe(1n);
  places.observe();
  // The third kill's place is known from the log, so that two are left for two cgroups: no answer.
  expect(take(attribution, 2)).toEqual([]);
  expect(seqs(take(attribution, maxWaitMs))).toEqual([1n, 2n, 3n]);
  expect(attribution.heldSeq).toBeUndefined();
});

test('what comes before a kill that waits does not wait with it', () => {
  const { attribution } = watched('/a', '/b');
  attribution.add([forged(0n), kill(1n)], 0);
  expect(seqs(take(attribution, 0))).toEqual([0n]);
  expect(attribution.heldSeq).toBe(1n);
});

test('a kill that nobody can place waits 20 ms and no longer, and claims no cgroup', () => {
  const { attribution, places } = watched('/a', '/b');
  attribution.add([kill(1n)], 100);
  attribution.add([kill(2n)], 110);
  places.observe();
  expect(attribution.waitMs(100)).toBe(maxWaitMs);
  expect(attribution.waitMs(119)).toBe(1);
  expect(take(attribution, 119)).toEqual([]);
  const first = take(attribution, 120);
  expect(seqs(first)).toEqual([1n]);
  expect(cgroups(first)).toEqual([undefined]);
  expect(attribution.waitMs(125)).toBe(5);
  expect(attribution.waitMs(1_000), 'overdue').toBe(0);
  expect(seqs(take(attribution, 130))).toEqual([2n]);
  expect(attribution.waitMs(130)).toBeUndefined();
});

test('what the log says of one kill places the other that waits', () => {
  const { attribution, places } = watched('/a', '/b');
  attribution.add([kill(1n)], 0);
  places.observe();
  take(attribution, 0);
  attribution.add([inCgroup(2n, '/b')], 3);
  const events = take(attribution, 3);
  expect(cgroups(events)).toEqual([
    { victim: '/a', from: 'counter' },
    { victim: '/b', from: 'log' },
  ]);
});

test('a kill that was given out without a cgroup does not take one from the next', () => {
  const { attribution, places } = watched('/a', '/b');
  attribution.add([kill(1n)], 0);
  take(attribution, maxWaitMs);
  expect(places.mayPlace(1n), 'nobody waits for it').toBe(false);
  attribution.add([kill(2n)], maxWaitMs);
  places.observe();
  expect(take(attribution, maxWaitMs)).toEqual([]);
  expect(cgroups(take(attribution, 2 * maxWaitMs))).toEqual([undefined]);
});

test("a group's first victim, logged and counted twice, does not cost another kill its cgroup", () => {
  const { attribution, places } = watched('/a', '/a', '/b');
  places.observe();
  attribution.add([inCgroup(1n, '/a'), repeat(2n, '/a'), kill(3n)], 0);
  expect(cgroups(take(attribution, 0))).toEqual([
    { victim: '/a', from: 'log' },
    undefined,
    { victim: '/b', from: 'counter' },
  ]);
});

test('a repeat in an unknown cgroup does not keep what is behind it', () => {
  const { attribution } = watched('/a');
  attribution.add([repeat(1n), forged(2n)], 0);
  expect(seqs(take(attribution, 0))).toEqual([1n, 2n]);
});

test('a cgroup that the log reported is not replaced by what the counters say', () => {
  const { attribution, places } = watched('/b');
  places.observe();
  expect(take(attribution, 0), 'the counters are first').toEqual([]);
  attribution.add([inCgroup(1n, '/a')], 0);
  expect(cgroups(take(attribution, 0))).toEqual([{ victim: '/a', from: 'log' }]);
});

test('a limit that the log reported stays beside the cgroup that the counters say', () => {
  const { attribution, places } = watched('/a/b');
  places.observe();
  attribution.add([kill(1n, { limit: '/a' })], 0);
  expect(cgroups(take(attribution, 0))).toEqual([{ limit: '/a', victim: '/a/b', from: 'counter' }]);
});

test('kills that the ring held before the watch began do not wait for counters that cannot know them', () => {
  const { attribution } = watched();
  attribution.add([kill(1n), kill(2n)], 0);
  expect(seqs(take(attribution, 0))).toEqual([1n, 2n]);
});

test('at the end nothing waits any more', () => {
  const { attribution } = watched('/a', '/b');
  attribution.add([kill(1n), kill(2n), forged(3n)], 0);
  expect(take(attribution, 0)).toEqual([]);
  expect(seqs(take(attribution, 0, true))).toEqual([1n, 2n, 3n]);
});

test('an event that the consumer has not taken yet is held back from the cursor', () => {
  const { attribution } = watched();
  attribution.add([kill(1n), kill(2n)], 0);
  expect(attribution.take(0)?.seq).toBe(1n);
  expect(attribution.heldSeq).toBe(2n);
});

test('a node without counters keeps no kill waiting', () => {
  const attribution = new Attribution([]);
  attribution.add([kill(1n)], 0);
  expect(seqs(take(attribution, 0))).toEqual([1n]);
  expect(attribution.waitMs(0)).toBeUndefined();
});

/** A source as somebody might add one: it sees victims in the kernel itself, sometimes after their line. */
class SeesVictims implements PlaceSource {
  readonly known = new Map<bigint, string>();
  readonly elsewhere: [bigint, string][] = [];
  readonly lines: bigint[] = [];
  places: Place[] = [];

  killLine(seq: bigint) {
    this.lines.push(seq);
  }
  victimOf({ seq }: OomLine) {
    const cgroup = this.known.get(seq);
    return cgroup === undefined ? undefined : { cgroup };
  }
  placed(seq: bigint, path: string) {
    this.elsewhere.push([seq, path]);
  }
  takePlaces() {
    return this.places.splice(0);
  }
}

const killLine = (seq: bigint): OomLine => ({
  seq,
  text: 'Memory cgroup out of memory: Killed process 7 (x) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB',
});

test('a further source of places is one class: it knows victims at their line, or finds them later', () => {
  const source = new SeesVictims();
  const { places } = watched('/a', '/b');
  const attribution = new Attribution([source, places]);
  attribution.begin();
  source.known.set(7n, '/known');
  const line = killLine(7n);
  attribution.line(line, []);
  expect(line.witness).toEqual({ cgroup: '/known' });
  expect(source.lines).toEqual([7n]);

  source.places = [{ seq: 1n, path: '/a', from: 'proc' }];
  attribution.add([kill(1n), inCgroup(2n, '/b')], 0);
  expect(cgroups(take(attribution, 0))).toEqual([
    { victim: '/a', from: 'proc' },
    { victim: '/b', from: 'log' },
  ]);
  expect(source.elsewhere, 'it learns of what it did not find itself').toEqual([[2n, '/b']]);
});

test('what one source finds leaves the counters one answer fewer', () => {
  const source = new SeesVictims();
  const { places } = watched('/a', '/b');
  const attribution = new Attribution([source, places]);
  attribution.add([kill(1n), kill(2n)], 0);
  places.observe();
  expect(take(attribution, 0)).toEqual([]);
  source.places = [{ seq: 2n, path: '/b', from: 'proc' }];
  expect(cgroups(take(attribution, 1))).toEqual([
    { victim: '/a', from: 'counter' },
    { victim: '/b', from: 'proc' },
  ]);
});

test('the first of two sources that know a victim is believed', () => {
  const surest = new SeesVictims();
  const other = new SeesVictims();
  surest.known.set(7n, '/surest');
  other.known.set(7n, '/other');
  other.known.set(8n, '/other');
  const attribution = new Attribution([surest, other]);
  const lines = [killLine(7n), killLine(8n), killLine(9n)];
  for (const line of lines) attribution.line(line, []);
  expect(lines.map(({ witness }) => witness?.cgroup)).toEqual(['/surest', '/other', undefined]);
});

test('lines from before the start, and after the end, are none of the watch’s kills', () => {
  const source = new SeesVictims();
  const attribution = new Attribution([source]);
  attribution.line(killLine(1n), []);
  attribution.begin();
  attribution.line(killLine(2n), []);
  attribution.close();
  attribution.line(killLine(3n), []);
  expect(source.lines).toEqual([2n]);
});

test('kills that a slow consumer takes after the end are in the account, which then agrees with what was given out', () => {
  const attribution = new Attribution([{ account: () => ({ kernelKills: 3, unaccounted: 1 }) }]);
  attribution.begin();
  attribution.close();
  attribution.line(killLine(1n), []);
  expect(attribution.account()).toEqual({ kernelKills: 3, unaccounted: 0 });
  attribution.line(killLine(2n), []);
  expect(attribution.account()).toEqual({ kernelKills: 4, unaccounted: 0 });
});
