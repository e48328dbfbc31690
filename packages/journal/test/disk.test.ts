import { copyFileSync, readdirSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { needs, privateMounts } from '../../../test/support/needs.ts';
import { remount, smallFileSystem } from '../../agent/test/support/mounts.js';
import { temporaryFile } from '../../agent/test/support/temporary.js';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { wholeKill } from '../../oom/test/support/kills.js';
import { runningAgent } from '../src/state-lock.js';
import type { StorageEvent } from '../src/store.js';
import { idsOf, killsOf, openJournal, record, reportsOf } from './support/journals.js';

const cursor = (seq: number) => ({ bootId: 'b', seq: BigInt(seq) });

/** A journal, and what it says of itself. */
function observed(folder: string, options: Parameters<typeof openJournal>[1] = {}) {
  const events: StorageEvent[] = [];
  const journal = openJournal(folder, { ...options, report: (event) => events.push(event) });
  return { journal, events };
}

/** Records kills with their cursor until the disk takes no more; returns the number of the last. */
function recordUntilMemory({ journal }: ReturnType<typeof observed>, first = 1): number {
  for (let seq = first; seq < 10_000; seq++) {
    const kills = killsOf(seq, 1, { tasks: wholeKill.tasks ?? [] });
    const added = journal.append({
      kills,
      cursor: cursor(seq),
      tallies: { repeats: 1 },
      reports: reportsOf(kills),
    });
    expect(added).toHaveLength(1);
    if (journal.store.storage.kind === 'memory') return seq;
  }
  throw new Error('the disk never became full');
}

const mounts = needs(privateMounts);

mounts.describe('a full disk', () => {
  const bytes = 512 * 1024;

  test('loses no kill, and is said once', () => {
    const folder = smallFileSystem(bytes);
    const full = observed(folder);
    const last = recordUntilMemory(full);
    record(full.journal, killsOf(last + 1, 50));
    expect(full.events.map(({ kind }) => kind)).toEqual(['disk', 'memory']);
    expect(full.events[1]).toMatchObject({ reason: expect.stringMatching(/no room.*--state-dir/) });
    expect(idsOf(full.journal)).toEqual(killsOf(1, last + 50).map(({ id }) => id));
    expect(full.journal.cursor('b')).toEqual(cursor(last));
    expect(full.journal.boot('b')).toMatchObject({ kills: last + 50, repeats: last });
    expect(full.journal.rows()?.newest).toBe(last + 50);
  });

  test('is reported to whoever reads the journal beside the agent, until it has room again', async () => {
    const folder = smallFileSystem(bytes);
    const filler = join(folder, 'filler');
    writeFileSync(filler, Buffer.alloc(bytes / 2));
    expect(runningAgent(folder)).toBeUndefined();
    const full = observed(folder, { retryMs: 20 });
    expect(runningAgent(folder)).toBe('disk');
    recordUntilMemory(full);
    expect(runningAgent(folder)).toBe('memory');
    expect(() => openJournal(folder), 'still one agent a folder').toThrow(/another oomwatcher/);
    rmSync(filler);
    await expect.poll(() => full.journal.store.storage.kind === 'disk').toBe(true);
    expect(runningAgent(folder)).toBe('disk');
    full.journal.close();
    expect(runningAgent(folder)).toBeUndefined();
  });

  test('that has room again has everything once, and the cursor that belongs to it', async () => {
    const folder = smallFileSystem(bytes);
    const filler = join(folder, 'filler');
    writeFileSync(filler, Buffer.alloc(bytes / 2));
    const full = observed(folder, { retryMs: 20 });
    const last = recordUntilMemory(full);
    const more = recordUntilMemory(full, last + 1) + 20;
    for (let seq = last + 2; seq <= more; seq++) {
      const kills = killsOf(seq, 1);
      const reports = reportsOf(kills);
      full.journal.append({ kills, cursor: cursor(seq), tallies: { repeats: 1 }, reports });
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(full.journal.store.storage.kind, 'still full').toBe('memory');
    rmSync(filler);
    await expect.poll(() => full.journal.store.storage.kind === 'disk').toBe(true);
    record(full.journal, killsOf(more + 1, 1));
    expect(full.events.map(({ kind }) => kind)).toEqual(['disk', 'memory', 'disk']);
    full.journal.close();
    const { journal } = observed(folder);
    expect(idsOf(journal)).toEqual(killsOf(1, more + 1).map(({ id }) => id));
    expect(journal.cursor('b')).toEqual(cursor(more));
    const reported = killsOf(1, more).map((kill) => journal.report(kill)?.lines[0]);
    expect(reported).toEqual(killsOf(1, more).map(({ id }) => `report of ${id}`));
    expect(journal.boot('b')).toMatchObject({ kills: more + 1, repeats: more });
    expect(journal.rows()).toEqual({ oldest: 1, newest: more + 1 });
  });

  test('that is left by a restart gives the state from before: nothing in between', () => {
    const folder = smallFileSystem(bytes);
    const full = observed(folder);
    const last = recordUntilMemory(full);
    full.journal.append({ kills: killsOf(last + 1, 9), cursor: cursor(last + 9), tallies: {} });
    full.journal.close();
    const { journal } = observed(folder);
    expect(journal.cursor('b')).toEqual(cursor(last - 1));
    expect(idsOf(journal).at(-1)).toBe(`b:${last - 1}`);
  });

  test('that cannot even hold an empty journal does not keep the agent from recording', () => {
    const folder = smallFileSystem(64 * 1024);
    writeFileSync(join(folder, 'filler'), Buffer.alloc(60 * 1024));
    const { journal, events } = observed(folder);
    expect(record(journal, killsOf(1, 3))).toHaveLength(3);
    expect(events).toMatchObject([{ kind: 'memory', reason: expect.stringContaining('no room') }]);
  });

  test('takes the tables of the sinks along, and back', async () => {
    const folder = smallFileSystem(bytes);
    const filler = join(folder, 'filler');
    writeFileSync(filler, Buffer.alloc(bytes / 2));
    const full = observed(folder, { retryMs: 20 });
    const { store } = full.journal;
    store.write((db) =>
      db.exec('CREATE TABLE fake_sink (name TEXT PRIMARY KEY, row INTEGER) STRICT'),
    );
    store.write((db) => db.exec("INSERT INTO fake_sink VALUES ('events', 7)"));
    expect(() => recordUntilMemory(full)).not.toThrow();
    rmSync(filler);
    await expect.poll(() => store.storage.kind === 'disk').toBe(true);
    expect(store.read((db) => db.prepare('SELECT row FROM fake_sink').get())).toEqual({ row: 7 });
  });
});

mounts.describe('a disk that cannot be written', () => {
  test('is read: the agent goes on from its cursor, and says why nothing is kept', () => {
    const folder = smallFileSystem(1024 * 1024);
    const before = observed(folder).journal;
    before.append({ kills: killsOf(1, 5), cursor: cursor(5), tallies: { forged: 2 } });
    before.close();
    remount(folder, 'ro');
    const { journal, events } = observed(folder);
    expect(events).toMatchObject([
      { kind: 'memory', reason: expect.stringMatching(/--state-dir/) },
    ]);
    expect(journal.cursor('b')).toEqual(cursor(5));
    expect(record(journal, killsOf(4, 3)).map(({ row }) => row)).toEqual([6]);
  });

  test('is written to as soon as it can be', async () => {
    const folder = smallFileSystem(1024 * 1024);
    const before = observed(folder).journal;
    record(before, killsOf(1, 5));
    before.close();
    remount(folder, 'ro');
    const { journal } = observed(folder, { retryMs: 20 });
    record(journal, killsOf(6, 1));
    remount(folder, 'rw');
    await expect.poll(() => journal.store.storage.kind === 'disk').toBe(true);
    journal.close();
    expect(idsOf(observed(folder).journal)).toEqual(killsOf(1, 6).map(({ id }) => id));
  });
});

test.each([
  ['is a file', () => join(temporaryFile('x'), 'state')],
  ['cannot be made', () => '/proc/oomwatcher'],
])('a state folder that %s does not keep the agent from recording', (_, folder) => {
  const { journal, events } = observed(folder());
  expect(record(journal, killsOf(1, 3))).toHaveLength(3);
  expect(idsOf(journal)).toHaveLength(3);
  expect(events).toMatchObject([
    { kind: 'memory', reason: expect.stringMatching(/check the folder.*--state-dir/) },
  ]);
});

test('a state folder that is not there is made, with its parents', () => {
  const { events } = observed(join(temporaryFolder(), 'a/b'));
  expect(events).toMatchObject([{ kind: 'disk' }]);
});

test('a journal in memory is bounded, and its rows go on rising', () => {
  const { journal } = observed('/proc/oomwatcher', { maxKillsInMemory: 10 });
  for (let i = 0; i < 5; i++) record(journal, killsOf(i * 7, 7));
  expect(journal.rows()).toEqual({ oldest: 26, newest: 35 });
  expect(journal.boot('b')?.kills).toBe(35);
});

test('a mistake of ours is not taken for a bad disk', () => {
  const { journal } = observed(temporaryFolder());
  expect(() => journal.store.write((db) => db.exec('NONSENSE'))).toThrow(/syntax/);
  expect(() => journal.store.read((db) => db.exec('SELECT * FROM nowhere'))).toThrow(/nowhere/);
  expect(journal.store.storage.kind).toBe('disk');
  expect(record(journal, killsOf(1, 1))).toHaveLength(1);
});

mounts.describe('a disk that is nearly full at the start', () => {
  const bytes = 1024 * 1024;
  const kills = 60;

  /** Fills the disk until so much of it is left. */
  function fill(folder: string, leftKiB: number): string {
    const filler = join(folder, 'filler');
    const { bavail, bsize } = statfsSync(folder);
    writeFileSync(filler, Buffer.alloc(bavail * bsize - leftKiB * 1024));
    return filler;
  }

  const saved = '.saved';

  function copyState(folder: string): void {
    for (const name of ['journal.db', 'journal.db-wal'])
      copyFileSync(join(folder, name), join(folder, `${name}${saved}`));
  }

  function restoreState(folder: string): void {
    for (const name of readdirSync(folder).filter((each) => each.endsWith(saved)))
      renameSync(join(folder, name), join(folder, name.slice(0, -saved.length)));
  }

  /** What an agent says that has been started there, then recorded kills, and then got room. */
  async function startedWith(leftKiB: number, hasJournal: boolean, ends: 'well' | 'killed') {
    const folder = smallFileSystem(bytes);
    if (hasJournal) {
      const before = observed(folder).journal;
      before.append({
        kills: killsOf(1, kills),
        cursor: cursor(kills),
        tallies: { repeats: 3, beforeFirstWatch: 7 },
      });
      // A process that is killed leaves its write-ahead log as it is.
      if (ends === 'killed') copyState(folder);
      before.close();
      if (ends === 'killed') restoreState(folder);
    }
    const filler = fill(folder, leftKiB);
    const { journal, events } = observed(folder, { retryMs: 10 });
    const first = hasJournal ? kills + 1 : 1;
    journal.append({
      kills: killsOf(first, 5, { tasks: wholeKill.tasks ?? [] }),
      cursor: cursor(first + 4),
      tallies: { repeats: 1, ...(!hasJournal && { beforeFirstWatch: 7 }) },
    });
    const inMemory = journal.store.storage.kind === 'memory';
    rmSync(filler);
    await expect.poll(() => journal.store.storage.kind === 'disk').toBe(true);
    const boot = journal.boot('b');
    journal.close();
    const again = observed(folder).journal;
    const result = { ids: idsOf(again), boot: again.boot('b'), cursor: again.cursor('b') };
    again.close();
    expect(events.at(-1)?.kind).toBe('disk');
    expect(boot, `${leftKiB} KiB left`).toEqual(result.boot);
    return { ...result, inMemory };
  }

  const steps = Array.from({ length: 17 }, (_, i) => i * 8);

  test.each([
    ['with no journal yet', false, 'well'],
    ['with a journal', true, 'well'],
    ['with a journal and the log of an agent that was killed', true, 'killed'],
  ] as const)(
    '%s goes back to disk as soon as there is room, and the account is right',
    async (_, hasJournal, ends) => {
      const before = hasJournal ? kills : 0;
      const results = await Promise.all(steps.map((left) => startedWith(left, hasJournal, ends)));
      for (const [index, { ids, boot, cursor: at }] of results.entries()) {
        const label = `${steps[index]} KiB left`;
        expect(ids, label).toEqual(killsOf(1, before + 5).map(({ id }) => id));
        expect(boot, label).toMatchObject({
          kills: before + 5,
          repeats: hasJournal ? 4 : 1,
          beforeFirstWatch: 7,
        });
        expect(at, label).toEqual(cursor(before + 5));
      }
      expect(
        results.some(({ inMemory }) => inMemory),
        'some had no room',
      ).toBe(true);
    },
  );
});
