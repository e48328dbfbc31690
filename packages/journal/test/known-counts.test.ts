import { DatabaseSync } from 'node:sqlite';
import type { KnownCounts } from '@oomwatcher/watcher';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { killsOf, openJournal } from './support/journals.js';

const cursor = (seq: bigint) => ({ bootId: 'b', seq });

const counts: KnownCounts = {
  bootId: 'b',
  seq: '1152921504606846977',
  total: 12,
  cgroups: [
    { path: '/kubepods/pod\u00fc/x', inode: '9223372036854775813', kills: 7 },
    { path: "/a'; DROP TABLE boots; --\n", inode: '3', kills: 5 },
  ],
};

function recorded(folder = temporaryFolder()) {
  const journal = openJournal(folder);
  journal.append({ kills: killsOf(1, 1), cursor: cursor(9n), counts, tallies: {} });
  return { journal, folder };
}

function change(folder: string, sql: string): void {
  const db = new DatabaseSync(`${folder}/journal.db`);
  db.exec(sql);
  db.close();
}

test('where the counters stood outlives the agent, also under hostile names and beyond a double', () => {
  const { journal, folder } = recorded();
  journal.close();
  expect(openJournal(folder).counts('b')).toEqual(counts);
  expect(openJournal().counts('b')).toBeUndefined();
});

test('the counts of another boot are not those of this one', () => {
  const { journal } = recorded();
  expect(journal.counts('c')).toBeUndefined();
  journal.append({ kills: [], cursor: { bootId: 'c', seq: 1n }, counts: undefined, tallies: {} });
  expect(journal.counts('b'), 'one boot at a time').toBeUndefined();
});

test('what is true no longer is forgotten, and a batch without a cursor changes nothing', () => {
  const { journal } = recorded();
  journal.append({ kills: killsOf(2, 1), cursor: undefined, tallies: {} });
  expect(journal.counts('b')).toEqual(counts);
  journal.append({ kills: [], cursor: cursor(10n), counts: { ...counts, total: 13 }, tallies: {} });
  expect(journal.counts('b')?.total).toBe(13);
  journal.append({ kills: [], cursor: cursor(11n), tallies: {} });
  expect(journal.counts('b')).toBeUndefined();
});

test('a cursor that an earlier version has moved on since makes them useless: kills would count twice', () => {
  const { journal, folder } = recorded();
  journal.close();
  change(folder, 'UPDATE boots SET seq = seq + 1');
  expect(openJournal(folder).counts('b')).toBeUndefined();
});

test.each([
  ['another count', "UPDATE known_counts SET counts = replace(counts, ':7', ':6')"],
  ['no JSON', "UPDATE known_counts SET counts = '{'"],
])('a row that is not what was written, with %s, is left out', (_, sql) => {
  const { journal, folder } = recorded();
  journal.close();
  change(folder, sql);
  const after = openJournal(folder);
  expect(after.counts('b')).toBeUndefined();
  expect(after.store.leftOut).toBe(1);
});
