import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import type { StorageEvent } from '../src/store.js';
import { idsOf, killsOf, openJournal, record, reportsOf } from './support/journals.js';

const cursor = (seq: number) => ({ bootId: 'b', seq: BigInt(seq) });

function observed(folder: string, options: Parameters<typeof openJournal>[1] = {}) {
  const events: StorageEvent[] = [];
  const journal = openJournal(folder, {
    retryMs: 20,
    ...options,
    report: (event) => events.push(event),
  });
  const onDisk = () => expect.poll(() => journal.store.storage.kind === 'disk').toBe(true);
  return { journal, events, onDisk };
}

/** A journal of before: 60 kills, and three second lines; seven kills were before the first watch. */
function earlierJournal(folder: string): void {
  const before = openJournal(folder);
  const kills = killsOf(1, 60);
  before.append({
    kills,
    cursor: cursor(60),
    tallies: { repeats: 3, forged: 2, lost: 5, beforeFirstWatch: 7 },
    lostThrough: 30n,
    reports: reportsOf(kills),
  });
  before.store.write((db) => db.exec('INSERT INTO otlp_position VALUES (1, 58)'));
  before.close();
}

/** What it has written is in the log: the file alone is not the journal. */
const lockForEver = `
const { DatabaseSync } = require('node:sqlite');
const db = new DatabaseSync(process.argv[1]);
db.exec('PRAGMA locking_mode = EXCLUSIVE; UPDATE lived SET ms = ms + 1');
console.log('locked');
setInterval(() => db.isOpen, 1e6);
`;

/** What keeps the journal from being read, until it is ended. */
const obstacles: [what: string, begin: (folder: string) => Promise<() => void> | (() => void)][] = [
  [
    'is locked by another program',
    async (folder) => {
      // In a process of its own: this one gives back its locks of a file whenever it closes that file.
      const other = spawn(process.execPath, ['-e', lockForEver, join(folder, 'journal.db')], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      onTestFinished(() => void other.kill('SIGKILL'));
      await once(other.stdout, 'data');
      return () => void other.kill('SIGKILL');
    },
  ],
  [
    'is on a disk that is mounted later, over nothing',
    (folder) => {
      renameSync(folder, `${folder}.later`);
      return () => {
        rmSync(folder, { recursive: true, force: true });
        renameSync(`${folder}.later`, folder);
      };
    },
  ],
  [
    'is behind a file in the place of its folder',
    (folder) => {
      renameSync(folder, `${folder}.later`);
      writeFileSync(folder, '');
      return () => {
        rmSync(folder);
        renameSync(`${folder}.later`, folder);
      };
    },
  ],
];

describe.each(obstacles)('a journal that %s at the start', (_, begin) => {
  async function started() {
    const folder = join(temporaryFolder(), 'state');
    mkdirSync(folder);
    earlierJournal(folder);
    const end = await begin(folder);
    return { folder, end, ...observed(folder) };
  }

  test('is on disk at a later retry, with every kill once, and is told', async () => {
    const { folder, end, journal, events, onDisk } = await started();
    const first = events.at(-1)?.kind;
    // The log still holds some that the journal has.
    const kills = killsOf(41, 25);
    journal.append({
      kills,
      cursor: cursor(65),
      tallies: { repeats: 2, forged: 2, beforeFirstWatch: 76 - 25 - 2 },
      reports: reportsOf(kills),
      historic: ({ seq = 0 }) => seq < 63,
    });
    end();
    await expect.poll(() => events.length > 1 || first === 'memory').toBe(true);
    await onDisk();
    await expect.poll(() => idsOf(journal).length === 65).toBe(true);
    expect(events.at(-1)?.kind).toBe('disk');
    record(journal, killsOf(66, 1));
    journal.close();
    const again = openJournal(folder);
    expect(idsOf(again)).toEqual(killsOf(1, 66).map(({ id }) => id));
    expect(again.rows()).toEqual({ oldest: 1, newest: 66 });
    expect(again.boot('b')).toEqual({
      bootId: 'b',
      kills: 66,
      repeats: 4,
      forged: 2,
      lost: 5,
      whileAway: 0,
      unaccounted: 0,
      lostThrough: 30n,
      beforeFirstWatch: 7,
      seq: 65n,
    });
    expect(killsOf(1, 65).map((kill) => again.report(kill)?.lines[0])).toEqual(
      killsOf(1, 65).map(({ id }) => `report of ${id}`),
    );
    expect(again.after(60, 9).map(({ historic }) => historic)).toEqual(Array(6).fill(false));
    expect(again.store.read((db) => db.prepare('SELECT row FROM otlp_position').get())).toEqual({
      row: 58,
    });
  });

  test('what the log held no more is counted as missed, and nothing else', async () => {
    const { end, journal } = await started();
    // Kills 61 to 64 came while nobody watched, and the log has forgotten them.
    journal.append({
      kills: killsOf(65, 5),
      cursor: cursor(69),
      tallies: { beforeFirstWatch: 7 + 3 + 64 },
    });
    end();
    await expect.poll(() => idsOf(journal).length === 65).toBe(true);
    expect(journal.boot('b')).toMatchObject({
      kills: 65,
      repeats: 3,
      beforeFirstWatch: 7,
      whileAway: 4,
    });
  });

  test('who works by rows ends before they change, and begins anew after it', async () => {
    const { end, journal } = await started();
    record(journal, killsOf(61, 3));
    const seen: string[] = [];
    journal.store.onRenumbering({
      before: async () => {
        seen.push(`before: ${journal.lastRow}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
        record(journal, killsOf(64, 1));
      },
      after: () => seen.push(`after: ${journal.lastRow}`),
    });
    end();
    await expect.poll(() => seen.length === 2).toBe(true);
    expect(seen).toEqual(['before: 3', 'after: 64']);
    expect(idsOf(journal)).toEqual(killsOf(1, 64).map(({ id }) => id));
  });
});

test('another boot’s account comes along as it is, and the clock of the journal goes on', async () => {
  const folder = join(temporaryFolder(), 'state');
  mkdirSync(folder);
  earlierJournal(folder);
  const [, begin] = obstacles[0] as (typeof obstacles)[number];
  const end = await begin(folder);
  const { journal, onDisk } = observed(folder);
  const kills = killsOf(1, 3).map((kill) => ({ ...kill, id: `c:${kill.seq}`, bootId: 'c' }));
  journal.append({
    kills,
    cursor: { bootId: 'c', seq: 3n },
    tallies: { repeats: 1, beforeFirstWatch: 2 },
  });
  const boot = journal.boot('c');
  end();
  await onDisk();
  expect(journal.boot('c')).toEqual(boot);
  expect(journal.boot('b')).toMatchObject({ kills: 60, repeats: 3 });
  expect(idsOf(journal).slice(-3)).toEqual(['c:1', 'c:2', 'c:3']);
});

test.each(['somebody’s notes', 'x', `${'notes '.repeat(3000)}`])(
  'a text in the place of the journal is put aside at a start, and not written over (%#)',
  (text) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'journal.db'), text);
    const { journal, events } = observed(folder);
    record(journal, killsOf(1, 1));
    const moved = events.find((event) => event.kind === 'moved');
    expect(moved).toBeDefined();
    expect(readFileSync(moved?.kind === 'moved' ? moved.to : '', 'utf8')).toBe(text);
  },
);
