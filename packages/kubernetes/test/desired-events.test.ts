import { Follower, type Journal } from '@oomwatcher/journal';
import type { Kill } from '@oomwatcher/oom';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { killsOf, openJournal, record } from '../../journal/test/support/journals.js';
import { bareKill } from '../../oom/test/support/kills.js';
import { DesiredEvents, derivedTo, type PendingEvent } from '../src/desired-events.js';

const minute = 60_000;
const hour = 60 * minute;

const rules = {
  nodeEvents: 'system',
  windowMs: 10 * minute,
  lookbackMs: hour,
  eventLifeMs: hour,
} as const;

function kill(number: number, timeMs: number, more: Partial<Kill> = {}): Kill {
  return {
    ...bareKill,
    id: `b:${number}`,
    time: new Date(timeMs).toISOString(),
    victim: { pid: number, name: `p${number % 3}` },
    ...more,
  };
}

const podKill = (number: number, timeMs: number, uid = 'a') =>
  kill(number, timeMs, { pod: { uid, namespace: 'n', name: `pod-${uid}`, container: 'app' } });

/** Derives the next kills; returns whether there were any. */
function deriveNext(journal: Journal, desired: DesiredEvents, nowMs: number, atOnce = 7): boolean {
  const follower = new Follower(journal, { position: derivedTo });
  const kills = follower.next(atOnce);
  follower.took(kills, (db) => desired.derive(db, kills, nowMs));
  return kills.length > 0;
}

function derive(journal: Journal, desired: DesiredEvents, nowMs: number): void {
  while (deriveNext(journal, desired, nowMs));
}

/** Takes all that can be sent, in the order of sending, as an API server that takes everything. */
function sendAll(desired: DesiredEvents, nowMs = Date.now() + hour): PendingEvent[] {
  const sent: PendingEvent[] = [];
  for (;;) {
    const [head] = desired.heads(nowMs, 1);
    if (head === undefined) return sent;
    const event = desired.event(head);
    sent.push(event);
    desired.settle(event);
  }
}

function setUp(more: Partial<typeof rules> | object = {}) {
  const journal = openJournal();
  return { journal, desired: new DesiredEvents(journal.store, { ...rules, ...more }) };
}

describe('the events that should be', () => {
  test('are ten of a subject in ten minutes one by one, and one with the exact count of the rest', () => {
    const { journal, desired } = setUp();
    const startMs = Date.now() - 5 * minute;
    record(
      journal,
      Array.from({ length: 1000 }, (_, i) => podKill(i, startMs + i * 100)),
    );
    derive(journal, desired, Date.now());
    const events = sendAll(desired);
    expect(events.map(({ count }) => count)).toEqual([...Array(10).fill(1), 990]);
    expect(events[10]).toMatchObject({
      key: 'b:10+',
      firstMs: startMs + 1000,
      lastMs: startMs + 99_900,
      kill: { id: 'b:999' },
      container: 'app',
      victims: [
        { name: 'p0', kills: 330 },
        { name: 'p1', kills: 330 },
        { name: 'p2', kills: 330 },
      ],
    });
    expect(desired.backlog()).toEqual({ kills: 0, events: 0 });
  });

  test('add up to the kills, window by window, however they are derived', () => {
    const steps = fc.record({
      subject: fc.constantFrom('a', 'b', 'node'),
      laterMs: fc.constantFrom(0, 100, 30_000, 4 * minute, 11 * minute),
      times: fc.integer({ min: 1, max: 14 }),
    });
    fc.assert(
      fc.property(
        fc.array(steps, { minLength: 1, maxLength: 12 }),
        fc.array(fc.nat({ max: 9 })),
        (story, sendings) => {
          const { journal, desired } = setUp({ eventLifeMs: 1000 * hour });
          const truth = new Map<string, number>();
          let timeMs = Date.now() - 10 * hour;
          let number = 0;
          const kills: Kill[] = [];
          for (const { subject, laterMs, times } of story) {
            timeMs += laterMs;
            for (let i = 0; i < times; i++) {
              const key = subject === 'node' ? 'node' : `pod:${subject}`;
              truth.set(key, (truth.get(key) ?? 0) + 1);
              kills.push(
                subject === 'node'
                  ? kill(++number, timeMs, { scope: 'node' })
                  : podKill(++number, timeMs, subject),
              );
            }
          }
          record(journal, kills);
          // What the API server has, by the key of the event: a combined one is sent again as it grows.
          const server = new Map<string, PendingEvent>();
          const send = () => {
            for (const event of sendAll(desired))
              server.set(`${event.subject} ${event.key}`, event);
          };
          for (const atOnce of sendings) {
            deriveNext(journal, desired, Date.now(), atOnce + 1);
            send();
          }
          derive(journal, desired, Date.now());
          send();
          for (const [subject, count] of truth) {
            const events = [...server.values()].filter((event) => event.subject === subject);
            expect(events.reduce((sum, event) => sum + event.count, 0)).toBe(count);
            for (const { victims, count: combined } of events)
              if (victims !== undefined)
                expect(victims.reduce((sum, { kills: n }) => sum + n, 0)).toBe(combined);
          }
          expect(server.size).toBe(eventsOf(kills).size);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('are the same after a crash before the position was written: it is one transaction', () => {
    const { journal, desired } = setUp();
    record(
      journal,
      Array.from({ length: 15 }, (_, i) => podKill(i, Date.now())),
    );
    const kills = journal.after(0, 15);
    const follower = new Follower(journal, { position: derivedTo });
    follower.took(kills, (db) => desired.derive(db, kills, Date.now()));
    // What a restarted agent that read too early a position would do.
    follower.took(kills, (db) => desired.derive(db, kills, Date.now()));
    expect(sendAll(desired).map(({ count }) => count)).toEqual([...Array(10).fill(1), 5]);
  });

  test('of a kill in a pod for lack of the node’s memory are of both; of others of the pod alone', () => {
    const { journal, desired } = setUp();
    const nowMs = Date.now();
    record(journal, [
      { ...podKill(1, nowMs), scope: 'node' },
      { ...podKill(2, nowMs), scope: 'container' },
    ]);
    record(journal, [kill(3, nowMs, { scope: 'cgroup' })]);
    derive(journal, desired, nowMs);
    expect(sendAll(desired).map(({ subject, key }) => [subject, key])).toEqual([
      ['node', 'b:1'],
      ['pod:a', 'b:1'],
      ['pod:a', 'b:2'],
    ]);
  });

  test('of the node are all kills where that is asked for', () => {
    const { journal, desired } = setUp({ nodeEvents: 'all' });
    record(journal, [podKill(1, Date.now()), kill(2, Date.now())]);
    derive(journal, desired, Date.now());
    expect(sendAll(desired).filter(({ subject }) => subject === 'node')).toHaveLength(2);
  });

  test('are none of history beyond the lookback, nor of what the API server would have forgotten', () => {
    const { journal, desired } = setUp({ lookbackMs: 10 * minute });
    const nowMs = Date.now();
    const ages = [5, 20, 59, 61].map((minutes) => minutes * minute);
    journal.append({
      kills: ages.map((age, i) => kill(i, nowMs - age, { scope: 'node' })),
      cursor: undefined,
      tallies: {},
      historic: () => true,
    });
    record(
      journal,
      ages.map((age, i) => kill(10 + i, nowMs - age, { scope: 'node' })),
    );
    derive(journal, desired, nowMs);
    expect(sendAll(desired).map(({ key }) => key)).toEqual(['b:0', 'b:10', 'b:11', 'b:12']);
  });

  test('wait for the name of their pod, and for that of their container not for long', () => {
    const { journal, desired } = setUp();
    const nowMs = Date.now();
    const pod = { uid: 'a' };
    record(journal, [
      kill(1, nowMs, { pod, container: { id: 'c1' } }),
      kill(2, nowMs, { pod: { uid: 'b', namespace: 'n', name: 'pod-b' }, container: { id: 'c2' } }),
    ]);
    derive(journal, desired, nowMs);
    expect(desired.heads(nowMs, 9)).toEqual([]);
    expect(desired.unnamed()).toEqual([{ subject: 'pod:a', newestMs: expect.any(Number) }]);
    expect(desired.heads(nowMs + 10_000, 9).map(({ subject }) => subject)).toEqual(['pod:b']);

    const whole = { namespace: 'n', name: 'pod-a', container: 'app' };
    desired.complete(journal.complete('b:1', whole)!);
    const [head] = desired.heads(nowMs, 9);
    expect(desired.event(head!)).toMatchObject({
      subject: 'pod:a',
      pod: { namespace: 'n', name: 'pod-a' },
      container: 'app',
      kill: { pod: whole },
    });
  });

  test('that were sent before the name of their container was known are sent again with it, and once', () => {
    const { journal, desired } = setUp();
    const nowMs = Date.now();
    const pod = { uid: 'a', namespace: 'n', name: 'pod-a' };
    record(
      journal,
      Array.from({ length: 12 }, (_, i) => kill(i, nowMs, { pod, container: { id: `c${i}` } })),
    );
    derive(journal, desired, nowMs);
    expect(sendAll(desired).map(({ count }) => count)).toEqual([...Array(10).fill(1), 2]);
    for (const id of ['b:3', 'b:11']) {
      const named = journal.complete(id, { namespace: 'n', name: 'pod-a', container: 'app' })!;
      desired.complete(named);
      expect(desired.backlog()).toMatchObject({ kills: 1, events: 1 });
      expect(sendAll(desired)).toMatchObject([
        { created: true, kill: { id, pod: { container: 'app' } } },
      ]);
      desired.complete(named);
      expect(desired.backlog()).toEqual({ kills: 0, events: 0 });
    }
  });

  describe('of processes that were killed together', () => {
    const member = (number: number, group: number, timeMs: number) => ({
      ...podKill(number, timeMs),
      group: { id: `b:${group}`, size: 25 },
    });
    const members = (group: number, timeMs: number) =>
      Array.from({ length: 25 }, (_, i) => member(group + i, group, timeMs + i));

    test('are one, told of the process that was chosen', () => {
      const { journal, desired } = setUp();
      const nowMs = Date.now();
      record(journal, [...members(100, nowMs), podKill(500, nowMs)]);
      derive(journal, desired, nowMs);
      expect(sendAll(desired)).toMatchObject([
        { key: 'b:100', count: 1, kill: { id: 'b:100' } },
        { key: 'b:500', count: 1 },
      ]);
      expect(desired.backlog()).toEqual({ kills: 0, events: 0 });
    });

    test('are one, though the chosen one is recorded after others', () => {
      const { journal, desired } = setUp();
      const nowMs = Date.now();
      const [chosen, ...others] = members(100, nowMs);
      record(journal, others);
      derive(journal, desired, nowMs);
      const [before] = sendAll(desired);
      expect(before).toMatchObject({ key: 'b:101', kill: { id: 'b:101' } });
      record(journal, [chosen!]);
      derive(journal, desired, nowMs);
      expect(sendAll(desired)).toMatchObject([{ key: 'b:101', count: 1, kill: { id: 'b:100' } }]);
    });

    test('are ten one by one, and the rest is one that counts incidents and processes', () => {
      const { journal, desired } = setUp();
      const nowMs = Date.now();
      const groups = Array.from({ length: 14 }, (_, i) => members(100 * (i + 1), nowMs));
      record(journal, groups.flat());
      derive(journal, desired, nowMs);
      const events = sendAll(desired);
      expect(events.map(({ count }) => count)).toEqual([...Array(10).fill(1), 4]);
      expect(events[10]).toMatchObject({ key: 'b:1100+', processes: 100, kill: { id: 'b:1400' } });
      desired.prune(nowMs + hour);
      const left = journal.store.read((db) =>
        db.prepare('SELECT count(*) AS n FROM kubernetes_groups').get(),
      );
      expect(left).toEqual({ n: 0 });
    });
  });

  test('that are parked do not hold up others of their subject', () => {
    const { journal, desired } = setUp();
    const nowMs = Date.now();
    record(journal, [podKill(1, nowMs), podKill(2, nowMs)]);
    derive(journal, desired, nowMs);
    const [first] = desired.heads(nowMs, 9);
    desired.park(first!, nowMs + minute);
    expect(desired.nextParkedMs(nowMs)).toBe(nowMs + minute);
    expect(desired.heads(nowMs, 9).map(({ number }) => number)).toEqual([first!.number + 1]);
    expect(desired.heads(nowMs + minute, 9)).toEqual([first]);
  });

  test('of a combined event of several containers are about none of them, and name each', () => {
    const { journal, desired } = setUp();
    const nowMs = Date.now();
    record(
      journal,
      Array.from({ length: 12 }, (_, i) => podKill(i, nowMs)),
    );
    const other = podKill(12, nowMs);
    record(journal, [{ ...other, pod: { ...other.pod!, container: 'log' } }, podKill(13, nowMs)]);
    derive(journal, desired, nowMs);
    const combined = sendAll(desired).at(-1);
    expect(combined).toMatchObject({
      count: 4,
      containers: {
        named: [
          { name: 'app', kills: 3 },
          { name: 'log', kills: 1 },
        ],
        all: 2,
        kills: 4,
      },
    });
    expect(combined?.container).toBeUndefined();
  });

  test('of the node name the containers of many pods, and count what is of none', () => {
    const { journal, desired } = setUp();
    const nowMs = Date.now();
    const ofPod = (i: number) => podKill(i, nowMs, i % 2 === 0 ? 'a' : 'b');
    record(
      journal,
      Array.from({ length: 22 }, (_, i) => ({ ...ofPod(i), scope: 'node' as const })),
    );
    record(journal, [kill(22, nowMs, { scope: 'node' })]);
    derive(journal, desired, nowMs);
    const events = sendAll(desired);
    expect(events.findLast(({ subject }) => subject === 'node')).toMatchObject({
      processes: 13,
      containers: {
        named: [
          { name: 'n/pod-a/app', kills: 6 },
          { name: 'n/pod-b/app', kills: 6 },
        ],
        all: 2,
        kills: 12,
      },
    });
    // Of one container, which its last kill names.
    const ofPodA = events.findLast(({ subject }) => subject === 'pod:a');
    expect(ofPodA).toMatchObject({ count: 1, container: 'app' });
    expect(ofPodA?.containers).toBeUndefined();
  });

  test('are sent again when the spec is known, which says whose limit it was', () => {
    const { journal, desired } = setUp();
    const nowMs = Date.now();
    const each = podKill(1, nowMs);
    record(journal, [each]);
    derive(journal, desired, nowMs);
    expect(sendAll(desired)).toHaveLength(1);
    const pod = { ...each.pod!, spec: { containers: 1, limitKiB: 24_576 } };
    const completed = { row: 0, recordedMs: nowMs, historic: false, kill: { ...each, pod } };
    desired.complete(completed);
    expect(sendAll(desired)).toMatchObject([{ count: 1, created: true, kill: { pod } }]);
    desired.complete(completed);
    expect(sendAll(desired)).toEqual([]);
  });

  test('are sent again when a container has a name, also one that was killed in the middle', () => {
    const { journal, desired } = setUp();
    const nowMs = Date.now();
    const app = Array.from({ length: 12 }, (_, i) => podKill(i, nowMs));
    const unnamed = [12, 13].map((i) => ({
      ...podKill(i, nowMs),
      pod: { uid: 'a', namespace: 'n', name: 'pod-a' },
      container: { id: 'c0ffee' },
    }));
    record(journal, [...app, ...unnamed, podKill(14, nowMs)]);
    derive(journal, desired, nowMs);
    const named = (event: PendingEvent | undefined) => event?.containers;
    const before = sendAll(desired).at(-1);
    expect(named(before)).toEqual({ named: [{ name: 'app', kills: 3 }], all: 1, kills: 3 });
    for (const each of unnamed) {
      const pod = { ...each.pod, container: 'log' };
      desired.complete({ row: 0, recordedMs: nowMs, historic: false, kill: { ...each, pod } });
    }
    const [again, ...others] = sendAll(desired);
    expect(others).toEqual([]);
    expect(again).toMatchObject({ key: before?.key, count: before?.count });
    expect(named(again)).toEqual({
      named: [
        { name: 'app', kills: 3 },
        { name: 'log', kills: 2 },
      ],
      all: 2,
      kills: 5,
    });
  });

  test('are forgotten when they are settled and their window is over, and not before', () => {
    const { journal, desired } = setUp();
    const nowMs = Date.now();
    record(
      journal,
      Array.from({ length: 20 }, (_, i) => podKill(i, nowMs)),
    );
    record(journal, [podKill(99, nowMs, 'waits')]);
    derive(journal, desired, nowMs);
    const rows = () =>
      ['events', 'subjects', 'victims', 'containers'].map((table) =>
        journal.store.read(
          (db) => db.prepare(`SELECT count(*) AS n FROM kubernetes_${table}`).get()?.n,
        ),
      );
    desired.heads(nowMs, 99);
    for (const head of desired.heads(nowMs, 1)) desired.settle(desired.event(head));
    sendAllOf(desired, 'pod:a');
    desired.prune(nowMs + 9 * minute);
    expect(rows()).toEqual([12, 2, 3, 1]);
    desired.prune(Date.now() + 10 * minute);
    expect(rows()).toEqual([1, 1, 0, 0]);
  });

  test('that are given up are no backlog', () => {
    const { journal, desired } = setUp();
    record(journal, killsOf(1, 12, { pod: { uid: 'gone' } }));
    derive(journal, desired, Date.now());
    expect(desired.backlog()).toMatchObject({ kills: 12, events: 11 });
    expect(desired.giveUp('pod:gone')).toBe(12);
    expect(desired.backlog()).toEqual({ kills: 0, events: 0 });
    // What was in the log before the very first start has mostly lost its pod: nobody has failed.
    const kills = killsOf(101, 3, { pod: { uid: 'long gone' } });
    journal.append({ kills, cursor: undefined, tallies: {}, historic: () => true });
    derive(journal, desired, Date.now());
    expect(desired.backlog()).toMatchObject({ kills: 3 });
    expect(desired.giveUp('pod:long gone')).toBe(0);
    expect(desired.backlog()).toEqual({ kills: 0, events: 0 });
  });
});

function sendAllOf(desired: DesiredEvents, subject: string): void {
  for (;;) {
    const head = desired.heads(Date.now(), 99).find((one) => one.subject === subject);
    if (head === undefined) return;
    desired.settle(desired.event(head));
  }
}

/** The keys of the events that these kills should have: the rule, in a second, plain form. */
function eventsOf(kills: readonly Kill[]): Set<string> {
  const windows = new Map<string, { startMs: number; kills: number; combined: string }>();
  const keys = new Set<string>();
  for (const { id, time, pod } of kills) {
    const subject = pod?.uid ?? 'node';
    const timeMs = Date.parse(time as string);
    const current = windows.get(subject);
    const isNew = current === undefined || timeMs - current.startMs >= 10 * minute;
    const window = isNew ? { startMs: timeMs, kills: 0, combined: '' } : current;
    windows.set(subject, window);
    window.kills++;
    if (window.kills === 11) window.combined = id;
    keys.add(`${subject} ${window.kills <= 10 ? id : window.combined}+${window.kills > 10}`);
  }
  return keys;
}
