import { expect, test } from 'vitest';
import { findRecords, findShown, killsBetween } from '../src/kill-rows.js';
import { killsOf, openJournal, record } from './support/journals.js';

function kept() {
  const journal = openJournal();
  const [first, ...others] = killsOf(1, 4, {
    victim: { pid: 7, name: 'web' },
    pod: { uid: 'u', namespace: 'shop', name: 'web-1', container: 'web' },
  });
  record(journal, [first!, { ...killsOf(9, 1)[0]!, container: { id: 'abc' } }, ...others]);
  return {
    journal,
    find: <T>(use: Parameters<typeof journal.store.read<T>>[0]) => journal.store.read(use),
  };
}

test('a list shows what the kill says, and of what nobody knows nothing', () => {
  const { find } = kept();
  const [newest, ...others] = find((db) => findShown(db, { limit: 9 }));
  expect(newest).toMatchObject({ row: 5, pid: 7, name: 'web', namespace: 'shop', pod: 'web-1' });
  expect(others.at(-2)).toMatchObject({ row: 2, container: 'abc', namespace: undefined });
});

test('pages of a question hold every kill that it is about, once', () => {
  const { find } = kept();
  const query = { namespace: 'shop', limit: 3 };
  const page = find((db) => findRecords(db, query));
  expect(page.map(({ row }) => row)).toEqual([5, 4, 3]);
  expect(JSON.parse(page[0]!.kill)).toMatchObject({ id: 'b:4' });
  const rest = find((db) => findRecords(db, { ...query, beforeRow: 3 }));
  expect(rest.map(({ row }) => row)).toEqual([1]);
});

test('rows that are asked for one by one are all of them, those of the question', () => {
  const { find } = kept();
  const rows = (first: number, last: number, filter = {}) =>
    find((db) => killsBetween(db, first, last, filter)).map(({ row }) => row);
  expect(rows(1, 9)).toEqual([1, 2, 3, 4, 5]);
  expect(rows(2, 3)).toEqual([2, 3]);
  expect(rows(6, 9)).toEqual([]);
  expect(rows(1, 9, { namespace: 'shop' })).toEqual([1, 3, 4, 5]);
});

test.each([
  ['is no JSON', '{'],
  ['has a text for a number', '{"victim":{"pid":"x"}}'],
  ['has a number for a text', '{"cgroup":{"victim":7}}'],
])('a kill whose record %s is left out of a list, and the others are in it', (_, text) => {
  const { find, journal } = kept();
  journal.store.write((db) => db.prepare('UPDATE kills SET kill = ? WHERE row = 3').run(text));
  expect(find((db) => findShown(db, { limit: 9 })).map(({ row }) => row)).toEqual([5, 4, 2, 1]);
});
