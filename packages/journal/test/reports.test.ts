import type { Kill, RawReport } from '@oomwatcher/oom';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { hostileName } from '../../oom/test/support/kills.js';
import { bringUpToDate, copyNewest } from '../src/copy.js';
import type { Journal } from '../src/journal.js';
import { insertReport } from '../src/kill-reports.js';
import { insertKill } from '../src/kill-rows.js';
import { migrate } from '../src/schema.js';
import { type Database, DatabaseSync } from '../src/sqlite.js';
import { killsOf, openJournal, reportsOf } from './support/journals.js';

const reportOf = (id: string): RawReport => ({ lines: [`report of ${id}`] });

function record(journal: Journal, kills: readonly Kill[]): void {
  journal.append({ kills, cursor: undefined, tallies: {}, reports: reportsOf(kills) });
}

const kept = (journal: Journal) =>
  journal
    .after(0, 1_000_000)
    .flatMap((kill) => (journal.report(kill.kill) === undefined ? [] : kill.row));

test('a kill’s report comes back as it was, also after a restart, and in no list', () => {
  const folder = temporaryFolder();
  const journal = openJournal(folder);
  const [kill] = killsOf(1, 1);
  const report = { lines: [hostileName, '\0'], leftOut: { count: 7, after: 1 } };
  journal.append({
    kills: [kill!],
    cursor: undefined,
    tallies: {},
    reports: new Map([[kill!.id, report]]),
  });
  journal.close();
  const after = openJournal(folder);
  const [found] = after.after(0, 1);
  expect(found).not.toHaveProperty('report');
  expect(found?.kill).toEqual(kill);
  expect(after.report(kill!)).toEqual(report);
  expect(openJournal().report(kill!)).toBeUndefined();
});

test('a kill that is recorded a second time keeps the report that it has', () => {
  const journal = openJournal();
  record(journal, killsOf(1, 1));
  const again = new Map([['b:1', { lines: ['another'] }]]);
  journal.append({ kills: killsOf(1, 1), cursor: undefined, tallies: {}, reports: again });
  expect(journal.report(journal.after(0, 1)[0]!.kill)).toEqual(reportOf('b:1'));
});

test('reports go with their kills, and those of older kills before them', () => {
  const journal = openJournal(temporaryFolder(), { maxKills: 10, maxReports: 4 });
  record(journal, killsOf(1, 3));
  expect(kept(journal)).toEqual([1, 2, 3]);
  record(journal, killsOf(4, 17));
  expect(kept(journal)).toEqual([17, 18, 19, 20]);
  const few = openJournal(temporaryFolder(), { maxKills: 2 });
  record(few, killsOf(1, 9));
  expect(kept(few)).toEqual([8, 9]);
  expect(few.store.read(rowsOf)).toEqual([8, 9]);
});

test('in memory a tenth of the reports is kept', () => {
  const journal = openJournal('/proc/no/folder', { maxReports: 40 });
  expect(journal.store.storage.kind).toBe('memory');
  record(journal, killsOf(1, 9));
  expect(kept(journal)).toEqual([6, 7, 8, 9]);
});

test('the members of a group share the report of the first', () => {
  const journal = openJournal();
  const group = { id: 'b:1', size: 3 };
  record(journal, killsOf(1, 3, { group }));
  const [first, , last] = journal.after(0, 3);
  expect(journal.report(first!.kill)).toEqual(reportOf('b:1'));
  expect(journal.report(last!.kill)?.lines).toEqual([
    ...reportOf('b:1').lines,
    ...reportOf('b:3').lines,
  ]);
});

test('a journal that comes back from memory has the reports that were not taken along', () => {
  const [disk, memory] = [database(), database()];
  for (const [i, kill] of killsOf(1, 9).entries()) {
    insertKill(disk, kill, 0, false);
    insertReport(disk, i + 1, reportOf(kill.id));
  }
  copyNewest(disk, memory, 2);
  expect(rowsOf(memory)).toEqual([8, 9]);
  const [later] = killsOf(10, 1) as [Kill];
  insertKill(memory, later, 0, false);
  insertReport(memory, 10, reportOf(later.id));
  bringUpToDate(memory, disk);
  expect(rowsOf(disk)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

function database(): Database {
  const db = new DatabaseSync(':memory:');
  onTestFinished(() => db.close());
  migrate(db, ':memory:');
  return db;
}

const rowsOf = (db: Database) =>
  db
    .prepare('SELECT row FROM kill_reports ORDER BY row')
    .all()
    .map(({ row }) => row);
