import { DatabaseSync } from 'node:sqlite';
import type { Kill } from '@oomwatcher/oom';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import type { Journal } from '../src/journal.js';
import { killPages } from '../src/kill-pages.js';
import { killsAfter } from '../src/kill-rows.js';
import { recurrenceOf, workloadsNamed } from '../src/recurrence.js';
import { killsOf, openJournal, record } from './support/journals.js';
import { keepsAll, releasedJournals, releasedState } from './support/released.js';

/** Local time: a day is that of whoever reads. */
const at = (day: number, hour: number, minute = 0) =>
  new Date(2026, 10, day, hour, minute).getTime();

const owner = { kind: 'Deployment', name: 'checkout' };
const pod = (namespace: string, name = 'checkout-1') => ({ uid: 'u', namespace, name, owner });

function recordAt(journal: Journal, number: number, ms: number, more: Partial<Kill> = {}) {
  const time = new Date(ms).toISOString();
  return record(journal, killsOf(number, 1, { time, pod: pod('shop'), ...more }))[0]!;
}

const often = (journal: Journal, kill: ReturnType<typeof recordAt>, nowMs = at(24, 23)) =>
  journal.store.read((db) => recurrenceOf(db, kill, nowMs));

test('a kill knows which of its workload and day it is, how often they come, and of the day before', () => {
  const journal = openJournal();
  const kills = [
    ...[1, 13, 23].map((hour, i) => recordAt(journal, i, at(23, hour))),
    ...[8, 12, 16].map((minute, i) => recordAt(journal, 10 + i, at(24, 0, minute))),
  ];
  recordAt(journal, 20, at(24, 0, 10), { pod: pod('another') });
  expect(often(journal, kills.at(-1)!)).toEqual({
    workload: { kind: 'deployment', namespace: 'shop', name: 'checkout' },
    nth: 3,
    isToday: true,
    everyMs: 4 * 60_000,
    yesterday: 3,
  });
  expect(often(journal, kills[3]!)).toMatchObject({ nth: 1, yesterday: 3 });
  expect(often(journal, kills[1]!), 'as it was then').toMatchObject({ nth: 2, isToday: false });
});

test('processes that were killed together are one kill', () => {
  const journal = openJournal();
  const group = { id: 'b:1', size: 3 };
  const kills = [1, 2, 3].map((i) => recordAt(journal, i, at(24, 9) + i, { group }));
  const next = recordAt(journal, 4, at(24, 10));
  expect(often(journal, kills[2]!)).toMatchObject({ nth: 1 });
  expect(often(journal, next)).toMatchObject({ nth: 2 });
});

test('of a day on which the journal was not there yet nothing is said', () => {
  const journal = openJournal();
  const kill = recordAt(journal, 1, Date.now());
  expect(often(journal, kill, Date.now())).not.toHaveProperty('yesterday');
});

test('a pod whose owner is learned later counts under it', () => {
  const journal = openJournal();
  const kill = recordAt(journal, 1, at(24, 9), { pod: { uid: 'u' } });
  journal.complete(kill.kill.id, { namespace: 'shop', name: 'checkout-1', owner });
  const next = recordAt(journal, 2, at(24, 10));
  expect(often(journal, next)).toMatchObject({ nth: 2 });
});

test('a workload is found by its name, with kind or namespace where it is not the only one', () => {
  const journal = openJournal();
  recordAt(journal, 1, at(24, 9));
  recordAt(journal, 2, at(24, 9), { pod: pod('another') });
  recordAt(journal, 3, at(24, 9), {
    pod: { ...pod('shop'), owner: { kind: 'Job', name: 'checkout' } },
  });
  recordAt(journal, 4, at(24, 9), { pod: undefined as never, cgroup: { victim: '/a/checkout' } });
  const named = (words: string) => journal.store.read((db) => workloadsNamed(db, words)).sort();
  expect(named('checkout')).toEqual([
    'deployment another/checkout',
    'deployment shop/checkout',
    'job shop/checkout',
  ]);
  expect(named('shop/checkout')).toEqual(['deployment shop/checkout', 'job shop/checkout']);
  expect(named('Deployment/checkout')).toHaveLength(2);
  expect(named('job shop/checkout')).toHaveLength(1);
  expect(named('/a/checkout')).toEqual(['cgroup /a/checkout']);
  expect(named('check')).toEqual([]);
  const rows = journal.store.read((db) => [
    ...killPages(db, ':memory:', { workloads: named('shop/checkout') }),
  ]);
  expect(rows.flat().map(({ row }) => row)).toEqual([1, 3]);
});

test('of 100,000 kills no question reads more than it needs', () => {
  const folder = temporaryFolder();
  const journal = openJournal(folder);
  const times = { time: new Date(at(24, 9)).toISOString() };
  for (let i = 0; i < 100_000; i += 5000) {
    record(journal, killsOf(i, 5000, { ...times, pod: pod('shop') }));
  }
  const last = recordAt(journal, 200_000, at(24, 10));
  expect(often(journal, last)).toMatchObject({ nth: 1000, atLeast: true });
  const nextDay = recordAt(journal, 200_001, at(25, 1));
  expect(often(journal, nextDay)).toMatchObject({
    nth: 1,
    yesterday: 1000,
    yesterdayAtLeast: true,
  });
  const plans = journal.store.read((db) =>
    [
      "SELECT incident, time_ms FROM kills INDEXED BY kills_workload WHERE workload = 'x' AND time_ms >= 1 ORDER BY time_ms DESC LIMIT 9",
      "SELECT min(workload) FROM kills WHERE workload > 'x'",
    ].map((sql) => JSON.stringify(db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all())),
  );
  for (const plan of plans) {
    expect(plan).toMatch(/SEARCH kills USING COVERING INDEX kills_workload/);
    expect(plan).not.toMatch(/SCAN|TEMP B-TREE/);
  }
  expect(journal.store.read((db) => workloadsNamed(db, 'checkout'))).toHaveLength(1);
});

test.each(releasedJournals)(
  'the journal of before, %s, is counted once it is brought up to now',
  (name) => {
    const { folder } = releasedState(name);
    const db = new DatabaseSync(`${folder}/journal.db`);
    const [newest] = killsAfter(db, 0, 100).slice(-1);
    expect(recurrenceOf(db, newest!), 'beside an agent of before').toBeUndefined();
    expect(workloadsNamed(db, 'web')).toEqual([]);
    db.close();
    const journal = openJournal(folder, keepsAll);
    const rows = journal.after(0, 100);
    expect(rows.length).toBeGreaterThan(1);
    const counted = rows.map((row) => journal.store.read((db) => recurrenceOf(db, row)));
    expect(counted.every((each) => each !== undefined)).toBe(true);
    expect(Math.max(...counted.map((each) => each?.nth ?? 0))).toBeGreaterThan(1);
  },
);
