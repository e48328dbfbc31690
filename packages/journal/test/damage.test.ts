import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { wholeKill } from '../../oom/test/support/kills.js';
import type { StorageEvent } from '../src/store.js';
import { idsOf, killsOf, openJournal, record } from './support/journals.js';

function observed(folder: string, options: Parameters<typeof openJournal>[1] = {}) {
  const events: StorageEvent[] = [];
  const journal = openJournal(folder, { ...options, report: (event) => events.push(event) });
  return { journal, events };
}

/** A journal of so many kills, closed. */
function written(count: number): { folder: string; path: string } {
  const folder = temporaryFolder();
  const journal = openJournal(folder);
  record(journal, killsOf(1, count, { tasks: wholeKill.tasks ?? [] }));
  journal.append({ kills: [], cursor: { bootId: 'b', seq: BigInt(count) }, tallies: {} });
  journal.close();
  return { folder, path: join(folder, 'journal.db') };
}

/** Overwrites the file from a byte on. */
function overwrite(path: string, from: number): void {
  const fd = openSync(path, 'r+');
  writeSync(fd, Buffer.alloc(statSync(path).size - from, 0xa5), 0, undefined, from);
  closeSync(fd);
}

const asideIn = (folder: string) => readdirSync(folder).filter((name) => name.includes('corrupt'));

describe('a damaged journal', () => {
  test.each([
    ['that is not a database at all', (path: string) => writeFileSync(path, 'x'.repeat(10_000))],
    ['whose header is whole and nothing else', (path: string) => overwrite(path, 100)],
    ['that is cut', (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 9000))],
  ])('%s is put aside, said once, and a new one begun', (_, damage) => {
    const { folder, path } = written(200);
    damage(path);
    const damaged = readFileSync(path);
    const { journal, events } = observed(folder);
    expect(events.map(({ kind }) => kind)).toEqual(['moved', 'disk']);
    const [aside] = asideIn(folder);
    expect(aside).toMatch(/^journal\.db\.corrupt-\d{4}-\d\d-\d\dT[\d-]+\.\d{3}Z$/);
    expect(events[0]).toEqual({ kind: 'moved', path, to: join(folder, aside as string) });
    expect(readFileSync(join(folder, aside as string))).toEqual(damaged);
    expect(record(journal, killsOf(1, 3))).toHaveLength(3);
    journal.close();
    expect(observed(folder).events.map(({ kind }) => kind)).toEqual(['disk']);
  });

  test('that shows only while the agent runs costs neither cursor nor row numbers', () => {
    const count = 5000;
    const { folder, path } = written(count);
    const { journal, events } = observed(folder);
    journal.append({
      kills: killsOf(count + 1, 1),
      cursor: { bootId: 'b', seq: BigInt(count + 1) },
      tallies: { repeats: 4 },
    });
    journal.store.read((db) => db.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
    overwrite(path, 4096);
    journal.store.read((db) => db.exec('PRAGMA shrink_memory'));
    const added = record(journal, killsOf(count + 2, 3));
    expect(added.map(({ row }) => row)).toEqual([count + 2, count + 3, count + 4]);
    expect(events.map(({ kind }) => kind)).toEqual(['disk', 'moved']);
    expect(journal.store.storage.kind).toBe('disk');
    journal.close();
    const again = observed(folder).journal;
    expect(again.cursor('b')).toEqual({ bootId: 'b', seq: BigInt(count + 1) });
    expect(again.boot('b')).toMatchObject({ kills: count + 4, repeats: 4 });
    expect(idsOf(again).slice(-3)).toEqual(killsOf(count + 2, 3).map(({ id }) => id));
  });

  test('again and again does not fill the disk with what was put aside', () => {
    const folder = temporaryFolder();
    for (let i = 0; i < 6; i++) {
      writeFileSync(join(folder, 'journal.db'), `damage ${i}`.repeat(1000));
      observed(folder).journal.close();
    }
    const kept = asideIn(folder);
    expect(kept).toHaveLength(3);
    expect(readFileSync(join(folder, kept.at(-1) as string), 'utf8')).toContain('damage 5');
  });
});

test('a journal of a newer version is left as it is, and the agent records in memory', () => {
  const { folder, path } = written(3);
  const db = new DatabaseSync(path);
  db.exec('PRAGMA user_version = 999; UPDATE schema SET oldest_writer = 999');
  db.close();
  const before = readFileSync(path);
  const { journal, events } = observed(folder, { retryMs: 10 });
  expect(events).toMatchObject([
    { kind: 'memory', reason: expect.stringMatching(/newer oomwatcher.*999/) },
  ]);
  expect(journal.hasWatched, 'nothing of it is trusted').toBe(false);
  expect(record(journal, killsOf(1, 3))).toHaveLength(3);
  journal.close();
  expect(readFileSync(path)).toEqual(before);
  expect(asideIn(folder)).toEqual([]);
});
