import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import type { StorageEvent } from '../src/store.js';
import { idsOf, killsOf, openJournal, record } from './support/journals.js';
import { keepsAll, releasedJournals, releasedState } from './support/released.js';

function observed(folder: string) {
  const events: StorageEvent[] = [];
  const journal = openJournal(folder, { ...keepsAll, report: (event) => events.push(event) });
  return { journal, events };
}

/** Changes a journal as another program would. */
function change(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
}

describe.each(releasedJournals)('the journal of an earlier version, %s,', (name) => {
  test('is gone on with: kills, account, reports', () => {
    const { journal, events } = observed(releasedState(name).folder);
    expect(events.map(({ kind }) => kind)).toEqual(['disk']);
    expect(idsOf(journal)).toEqual(Array.from({ length: 24 }, (_, i) => `b:${i + 1}`));
    expect(journal.boot('b')).toMatchObject({ kills: 24, repeats: 2, forged: 3, seq: 24n });
    expect(journal.boot('a')).toMatchObject({ seq: 9007199254740995n });
    const [kill] = journal.find({ limit: 1 });
    expect(kill && journal.report(kill.kill)?.lines[0]).toBe('report of b:24');
    expect(record(journal, killsOf(25, 1))[0]?.row).toBe(25);
  });

  test('has its counts under the labels’ names', () => {
    const { journal } = observed(releasedState(name).folder);
    const rows = journal.store.read((db) =>
      db
        .prepare("SELECT labels, kills FROM kill_series WHERE family = 'kills' ORDER BY labels")
        .all(),
    );
    expect(rows.map(({ labels, kills }) => [JSON.parse(labels as string), kills])).toEqual([
      [{ namespace: 'other', pod: 'other', container: 'other', scope: 'container' }, 8],
      [{ namespace: 'other', pod: 'other', container: 'other', scope: 'node' }, 4],
      [{ namespace: 'shop', pod: 'web-0', container: 'app', scope: 'container' }, 1],
      [{ namespace: 'shop', pod: 'web-1', container: 'app', scope: 'container' }, 1],
      [{ namespace: 'shop', pod: 'web-2', container: 'app', scope: 'node' }, 1],
      [{ scope: 'node' }, 1],
    ]);
  });
});

describe('after a roll-back', () => {
  /** As a later version leaves it. */
  const later = (path: string, oldestWriter: number) =>
    change(
      path,
      `CREATE TABLE of_later (row INTEGER PRIMARY KEY) STRICT; INSERT INTO of_later VALUES (7);
       ALTER TABLE kill_reports ADD COLUMN more TEXT;
       PRAGMA user_version = 99; UPDATE schema SET oldest_writer = ${oldestWriter}`,
    );

  test('a journal that a later version allows to be written is used, and what it added stays', () => {
    const folder = temporaryFolder();
    const path = `${folder}/journal.db`;
    const before = openJournal(folder);
    record(before, killsOf(1, 3));
    before.close();
    later(path, 6);
    const { journal, events } = observed(folder);
    expect(events.map(({ kind }) => kind)).toEqual(['disk']);
    expect(record(journal, killsOf(4, 1))[0]?.row).toBe(4);
    journal.close();
    const db = new DatabaseSync(path);
    expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: 99 });
    expect(db.prepare('SELECT row FROM of_later').all()).toEqual([{ row: 7 }]);
    db.close();
  });

  test('one that it does not allow is left as it is, and the agent records in memory', () => {
    const folder = temporaryFolder();
    const path = `${folder}/journal.db`;
    openJournal(folder).close();
    later(path, 99);
    const bytes = readFileSync(path);
    const { journal, events } = observed(folder);
    expect(events).toMatchObject([{ kind: 'memory', reason: expect.stringContaining('newer') }]);
    expect(record(journal, killsOf(1, 1))).toHaveLength(1);
    journal.close();
    expect(readFileSync(path)).toEqual(bytes);
  });
});

test.each([
  ['with tables of its own', 'CREATE TABLE users (name TEXT)'],
  ['with a version', 'CREATE TABLE users (name TEXT); PRAGMA user_version = 3'],
  ['with our version and another id', 'PRAGMA user_version = 6; PRAGMA application_id = 4711'],
  ['with an index alone of ours', 'CREATE TABLE kills (name TEXT); PRAGMA application_id = 1'],
])('a database of another program, %s, is neither changed nor put aside', (_, sql) => {
  const folder = temporaryFolder();
  const path = `${folder}/journal.db`;
  change(path, sql);
  const bytes = readFileSync(path);
  const { journal, events } = observed(folder);
  expect(events).toMatchObject([
    { kind: 'memory', reason: expect.stringMatching(/another program's database.*move it away/) },
  ]);
  expect(record(journal, killsOf(1, 1))).toHaveLength(1);
  journal.close();
  expect(readFileSync(path)).toEqual(bytes);
});
