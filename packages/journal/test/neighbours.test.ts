import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import type { StorageEvent } from '../src/store.js';
import { idsOf, killsOf, openJournal, record } from './support/journals.js';

function observed(folder: string, options: Parameters<typeof openJournal>[1] = {}) {
  const events: StorageEvent[] = [];
  const journal = openJournal(folder, { ...options, report: (event) => events.push(event) });
  return { journal, events, kinds: () => events.map(({ kind }) => kind) };
}

describe('the lock of the state folder', () => {
  const modeOf = (path: string) => statSync(path).mode & 0o777;

  test('can be read, and so be locked, by nobody else', () => {
    const folder = temporaryFolder();
    openJournal(folder);
    expect(modeOf(join(folder, 'agent.lock'))).toBe(0o600);
  });

  test('is made private where an earlier version left it open', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'agent.lock');
    writeFileSync(path, '');
    chmodSync(path, 0o644);
    openJournal(folder);
    expect(modeOf(path)).toBe(0o600);
  });
});

test.each(['journal.db', 'agent.lock'])('a FIFO in the place of %s is not waited for', (name) => {
  const folder = temporaryFolder();
  expect(spawnSync('mkfifo', [join(folder, name)]).status).toBe(0);
  const { journal, events } = observed(folder);
  expect(events).toMatchObject([
    { kind: 'memory', reason: expect.stringMatching(/is no file.*move/) },
  ]);
  expect(record(journal, killsOf(1, 2))).toHaveLength(2);
});

test('another program’s write lock is not waited for: memory takes the kills until it is given back', async () => {
  const folder = temporaryFolder();
  const { journal, kinds } = observed(folder, { retryMs: 20 });
  record(journal, killsOf(1, 2));
  const other = new DatabaseSync(join(folder, 'journal.db'));
  onTestFinished(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  for (let i = 3; i < 60; i++) expect(record(journal, killsOf(i, 1))[0]?.row).toBe(i);
  expect(journal.store.storage).toMatchObject({
    kind: 'memory',
    reason: expect.stringMatching(/locked by another program/),
  });
  other.exec('ROLLBACK');
  await expect.poll(() => journal.store.storage.kind === 'disk').toBe(true);
  expect(kinds()).toEqual(['disk', 'memory', 'disk']);
  journal.close();
  expect(idsOf(openJournal(folder))).toEqual(killsOf(1, 59).map(({ id }) => id));
});

describe('a state folder that is taken away while the agent runs', () => {
  test('is reported, made again, and has the newest kills and the account', async () => {
    const folder = join(temporaryFolder(), 'state');
    const { journal, kinds, events } = observed(folder, { retryMs: 20 });
    journal.append({
      kills: killsOf(1, 5),
      cursor: { bootId: 'b', seq: 5n },
      tallies: { repeats: 2 },
    });
    rmSync(folder, { recursive: true });
    await expect.poll(() => existsSync(join(folder, 'journal.db'))).toBe(true);
    expect(kinds()).toEqual(['disk', 'memory', 'disk']);
    expect(events[1]).toMatchObject({ reason: expect.stringContaining('was removed or replaced') });
    record(journal, killsOf(6, 1));
    expect(() => openJournal(folder), 'it has its lock again').toThrow(/another oomwatcher/);
    journal.close();
    const again = openJournal(folder);
    expect(idsOf(again)).toEqual(killsOf(1, 6).map(({ id }) => id));
    expect(again.boot('b')).toMatchObject({ kills: 6, repeats: 2, seq: 5n });
  });

  test('and has become another agent’s is left to that one', async () => {
    const folder = join(temporaryFolder(), 'state');
    const { journal, kinds } = observed(folder, { retryMs: 50 });
    record(journal, killsOf(1, 2));
    rmSync(folder, { recursive: true });
    const other = openJournal(folder);
    record(other, killsOf(7, 1));
    await expect.poll(() => kinds().includes('memory')).toBe(true);
    record(journal, killsOf(3, 1));
    expect(journal.store.storage.kind).toBe('memory');
    expect(idsOf(other)).toEqual(['b:7']);
    expect(idsOf(journal)).toEqual(['b:1', 'b:2', 'b:3']);
  });
});

test('a file that is replaced by another program’s is left alone', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'journal.db');
  const { journal, kinds } = observed(folder, { retryMs: 20 });
  record(journal, killsOf(1, 2));
  rmSync(path);
  writeFileSync(path, 'somebody’s notes');
  await expect.poll(() => kinds().includes('memory')).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(readFileSync(path, 'utf8')).toBe('somebody’s notes');
  expect(record(journal, killsOf(3, 1))).toHaveLength(1);
});
