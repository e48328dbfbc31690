import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { wholeKill } from '../../oom/test/support/kills.js';
import { openForReading } from '../src/database-file.js';
import { Journal } from '../src/journal.js';
import { idsOf, killsOf, openJournal, record } from './support/journals.js';

test('a second agent with the same folder is refused, and the first one goes on', () => {
  const folder = temporaryFolder();
  const journal = openJournal(folder);
  expect(() => Journal.open(folder)).toThrow(
    expect.objectContaining({
      kind: 'in-use',
      message: `another oomwatcher runs with the state folder ${folder}: end it, or name another folder with --state-dir`,
    }),
  );
  expect(record(journal, killsOf(1, 1))).toHaveLength(1);
  journal.close();
  openJournal(folder);
});

test('an agent that was killed leaves neither a lock nor half a transaction', async () => {
  const folder = temporaryFolder();
  openJournal(folder).close();
  const script = `
    const { DatabaseSync } = require('node:sqlite');
    const [lock, journal] = ['agent.lock', 'journal.db'].map((n) => new DatabaseSync(${JSON.stringify(folder)} + '/' + n));
    lock.exec('BEGIN EXCLUSIVE');
    journal.exec("BEGIN IMMEDIATE; INSERT INTO boots (boot_id, begun_ms, seq) VALUES ('half', 0, 1)");
    console.log('ready');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  expect(() => Journal.open(folder)).toThrow(/another oomwatcher/);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(openJournal(folder).cursor('half')).toBeUndefined();
});

test('a reader sees what is recorded while the agent runs, and does not stop it', () => {
  const folder = temporaryFolder();
  const journal = openJournal(folder);
  record(journal, killsOf(1, 1));
  const reader = openForReading(join(folder, 'journal.db'));
  onTestFinished(() => reader.close());
  const count = () => reader.prepare('SELECT count(*) AS n FROM kills').get()?.n;
  expect(count()).toBe(1);
  record(journal, killsOf(2, 1));
  expect(count()).toBe(2);
});

test('the write-ahead log is bounded, whatever is recorded and whoever reads', () => {
  const folder = temporaryFolder();
  const journal = openJournal(folder);
  const reader = new DatabaseSync(join(folder, 'journal.db'), { readOnly: true });
  onTestFinished(() => reader.close());
  let largest = 0;
  for (let i = 0; i < 40; i++) {
    record(journal, killsOf(i * 256, 256, { tasks: wholeKill.tasks ?? [] }));
    reader.prepare('SELECT count(*) FROM kills').get();
    largest = Math.max(largest, statSync(join(folder, 'journal.db-wal')).size);
  }
  expect(largest).toBeGreaterThan(1024 * 1024);
  expect(largest).toBeLessThan(8 * 1024 * 1024);
  expect(idsOf(journal)).toHaveLength(10_240);
});

test('in a folder that everybody may enter the names of processes are not for everybody', () => {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  record(openJournal(folder), killsOf(1, 1));
  const files = readdirSync(folder).filter((name) => name.startsWith('journal.db'));
  expect(files).toContain('journal.db-wal');
  for (const file of files) expect(statSync(join(folder, file)).mode & 0o007, file).toBe(0);
});
