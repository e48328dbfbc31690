import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { Follower, type FollowerOptions, type PositionTable } from '../src/follower.js';
import type { Journal } from '../src/journal.js';
import { TestClock } from './support/clocks.js';
import { killsOf, openJournal, record } from './support/journals.js';

/** A sink's table, as a sink that somebody writes would have it. */
const table: PositionTable = {
  read: (db) => {
    db.exec('CREATE TABLE IF NOT EXISTS of_a_sink (row INTEGER NOT NULL) STRICT');
    return db.prepare('SELECT row FROM of_a_sink').get()?.row as number | undefined;
  },
  save: (db, row) => {
    db.exec('DELETE FROM of_a_sink');
    db.prepare('INSERT INTO of_a_sink VALUES (?)').run(row);
  },
};

function followerOf(journal: Journal, options: FollowerOptions = {}): Follower {
  const follower = new Follower(journal, options);
  onTestFinished(() => follower.stop());
  return follower;
}

const rowsOf = (kills: readonly { row: number }[]) => kills.map(({ row }) => row);

test('kills come in the order of the journal, and again until they are taken', () => {
  const journal = openJournal();
  record(journal, killsOf(1, 5));
  const follower = followerOf(journal);
  expect(rowsOf(follower.next(3))).toEqual([1, 2, 3]);
  follower.took(follower.next(3).slice(0, 2));
  expect(rowsOf(follower.next(3))).toEqual([3, 4, 5]);
  expect(follower).toMatchObject({ row: 2, lag: 3, skipped: 0 });
});

test('the position outlives the follower, with what is written beside it', () => {
  const folder = temporaryFolder();
  const before = openJournal(folder);
  record(before, killsOf(1, 5));
  const first = followerOf(before, { position: table });
  first.took(first.next(2), (db) => db.exec('CREATE TABLE beside (x TEXT) STRICT'));
  before.close();
  const journal = openJournal(folder);
  expect(rowsOf(followerOf(journal, { position: table }).next(9))).toEqual([3, 4, 5]);
  expect(journal.store.read((db) => db.prepare('SELECT * FROM beside').all())).toEqual([]);
});

test('what fails to be written beside it was not taken', () => {
  const journal = openJournal();
  record(journal, killsOf(1, 2));
  const follower = followerOf(journal, { position: table });
  expect(() =>
    follower.took(follower.next(9), () => {
      throw new Error('it failed');
    }),
  ).toThrow('it failed');
  expect(rowsOf(followerOf(journal, { position: table }).next(9))).toEqual([1, 2]);
});

test('what the journal forgot before it was taken is counted once', () => {
  const journal = openJournal(undefined, { maxKills: 3 });
  const follower = followerOf(journal, { position: table });
  for (let first = 1; first <= 7; first += 3) record(journal, killsOf(first, 3));
  for (let i = 0; i < 2; i++) expect(rowsOf(follower.next(9))).toEqual([7, 8, 9]);
  expect(follower.skipped).toBe(6);
  follower.took(follower.next(9));
  expect(follower).toMatchObject({ skipped: 6, lag: 0, row: 9 });
});

test('a position that the journal has not reached is of a damaged disk: what is there counts as skipped', () => {
  const journal = openJournal();
  record(journal, killsOf(1, 4));
  journal.store.write((db) => {
    table.read(db);
    table.save(db, 2 ** 40);
  });
  const follower = followerOf(journal, { position: table });
  expect(follower).toMatchObject({ row: 4, skipped: 4 });
  record(journal, killsOf(5, 1));
  expect(rowsOf(follower.next(9))).toEqual([5]);
});

test('its owner is woken by what is recorded and by what is learned, until it stops', () => {
  const journal = openJournal();
  const woken: unknown[] = [];
  const follower = followerOf(journal, { wake: (change) => woken.push(change?.kind) });
  record(journal, killsOf(1, 1, { pod: { uid: 'u' } }));
  follower.start();
  record(journal, killsOf(2, 1));
  journal.complete('b:1', { namespace: 'shop', name: 'web' });
  follower.stop();
  record(journal, killsOf(3, 1));
  expect(woken).toEqual(['appended', 'completed']);
});

test.each([
  ['', 0],
  [', though the wall clock is set back by 5 h', -5 * 3_600_000],
  [', though it is set ahead by 40 days', 40 * 86_400_000],
])(
  'a kill waits for its pod’s name for as long as it may%s, and those behind it wait, too',
  (_, byMs) => {
    const clock = new TestClock();
    const journal = openJournal(undefined, { clock });
    const follower = followerOf(journal, { nameWaitMs: 30_000 });
    record(journal, killsOf(1, 1));
    record(journal, killsOf(2, 1, { pod: { uid: 'u' } }));
    record(journal, killsOf(3, 1));
    const ready = () => rowsOf(follower.ready(follower.next(9)));
    clock.isSet(byMs);
    clock.passes(29_000);
    expect(ready()).toEqual([1]);
    clock.passes(1000);
    expect(ready()).toEqual([1, 2, 3]);
  },
);

test('a kill of an earlier life has waited already, unless the wall clock knows nothing', () => {
  const folder = temporaryFolder();
  const clock = new TestClock();
  const before = openJournal(folder, { clock });
  record(before, killsOf(1, 1, { pod: { uid: 'u' } }));
  before.close();
  const readyAfter = (startMs: number, waitedMs: number) => {
    const now = new TestClock(startMs);
    const journal = openJournal(folder, { clock: now, keepMs: 1e15 });
    now.passes(waitedMs);
    const follower = followerOf(journal, { nameWaitMs: 30_000 });
    const { length } = follower.ready(follower.next(9));
    journal.close();
    return length;
  };
  expect(readyAfter(clock.wallMs() + 60_000, 0)).toBe(1);
  expect(readyAfter(clock.wallMs() + 10_000, 10_000)).toBe(0);
  expect(readyAfter(0, 10_000), 'a start in 1970').toBe(0);
  expect(readyAfter(0, 31_000), 'a start in 1970').toBe(1);
});

test('where what was made of the kills is lost with its database, they are taken again', () => {
  const journal = openJournal();
  record(journal, killsOf(1, 5));
  const beside = followerOf(journal, { position: { ...table, leads: true } });
  const alone = followerOf(journal, { position: table });
  for (const follower of [beside, alone]) follower.took(follower.next(4));
  journal.store.write((db) => table.save(db, 2));
  expect(rowsOf(beside.next(9))).toEqual([3, 4, 5]);
  expect(rowsOf(alone.next(9)), 'what was sent was sent').toEqual([5]);
  journal.store.write((db) => db.exec('DELETE FROM of_a_sink'));
  expect(rowsOf(beside.next(9))).toEqual([1, 2, 3, 4, 5]);
  expect(beside.skipped).toBe(0);
});

test('a kill that may still be amended is waited for until it is final, and 10 s at most', () => {
  const clock = new TestClock();
  const journal = openJournal(undefined, { clock });
  let wakes = 0;
  const follower = followerOf(journal, { wake: () => wakes++ });
  follower.start();
  journal.amendable = { bootId: 'b', seq: 3n };
  record(journal, killsOf(1, 4));
  const ready = () => rowsOf(follower.ready(follower.next(9)));
  expect(ready()).toEqual([1, 2]);
  wakes = 0;
  journal.amendable = { bootId: 'b', seq: 4n };
  expect([ready(), wakes]).toEqual([[1, 2, 3], 1]);
  journal.amendable = undefined;
  expect([ready(), wakes]).toEqual([[1, 2, 3, 4], 2]);

  journal.amendable = { bootId: 'b', seq: 5n };
  record(journal, killsOf(5, 1));
  follower.took(follower.next(4));
  clock.passes(9_999);
  expect(ready()).toEqual([]);
  clock.passes(1);
  expect(ready()).toEqual([5]);
});

test('kills of another boot, and those without a line, are final', () => {
  const journal = openJournal();
  const [ofCounters] = killsOf(9, 1);
  delete ofCounters?.seq;
  journal.amendable = { bootId: 'another', seq: 1n };
  record(journal, killsOf(1, 2));
  expect(journal.mayBeAmended(killsOf(1, 1)[0]!)).toBe(false);
  journal.amendable = { bootId: 'b', seq: 1n };
  expect(journal.mayBeAmended(killsOf(1, 1)[0]!)).toBe(true);
  expect(journal.mayBeAmended(ofCounters!)).toBe(false);
});
