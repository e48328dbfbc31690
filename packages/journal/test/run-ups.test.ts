import type { Kill, MemorySample, RunUp } from '@oomwatcher/oom';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { hostileName } from '../../oom/test/support/kills.js';
import { bringUpToDate, copyNewest } from '../src/copy.js';
import type { Journal } from '../src/journal.js';
import { mergeInto } from '../src/merge.js';
import { decodeRunUp, encodeRunUp, maxRunUpBytes } from '../src/run-up-code.js';
import { migrate } from '../src/schema.js';
import { type Database, DatabaseSync } from '../src/sqlite.js';
import { killsOf, openJournal } from './support/journals.js';

function runUpOf(name: string): RunUp {
  const processes = [{ pid: 7, startTicks: 9, comm: name, anonRssKiB: 3, shmemRssKiB: 0 }];
  const samples = [
    { monotonicUs: 1_000_001, usageKiB: 400, limitKiB: 32768 },
    { monotonicUs: 2_000_003, usageKiB: 300, limitKiB: 32768, anonKiB: 250, processes },
    { monotonicUs: 2_500_000, usageKiB: 32768, fileKiB: 1 },
  ];
  return {
    killMonotonicUs: 2_600_000,
    cgroup: { path: `/${name}`, sinceMonotonicUs: 900_000, samples },
  };
}

const withRunUps = (kills: readonly Kill[]) =>
  kills.map((kill) => ({ ...kill, runUp: runUpOf(kill.id) }));

function record(journal: Journal, kills: readonly Kill[]): void {
  journal.append({ kills, cursor: undefined, tallies: {} });
}

const kept = (journal: Journal) =>
  journal
    .after(0, 1_000_000)
    .flatMap(({ row, kill }) => (journal.runUp(kill) === undefined ? [] : row));

test('the minutes before a kill come back as they were, also after a restart, and in no list', () => {
  const folder = temporaryFolder();
  const journal = openJournal(folder);
  const [kill] = killsOf(1, 1);
  record(journal, [{ ...kill!, runUp: runUpOf(hostileName) }]);
  journal.close();
  const after = openJournal(folder);
  const [found] = after.after(0, 1);
  expect(found?.kill).toEqual(kill);
  expect(after.find({ limit: 9 })[0]?.kill).not.toHaveProperty('runUp');
  expect(after.runUp(kill!)).toEqual(runUpOf(hostileName));
  expect(openJournal().runUp(kill!)).toBeUndefined();
});

test('an amendment, names and a second telling leave them as they were first', () => {
  const journal = openJournal();
  const [kill] = withRunUps(killsOf(1, 1));
  record(journal, [kill!]);
  const late = { ...kill!, runUp: runUpOf('late') };
  journal.amend({ id: kill!.id, fields: { scope: 'pod' } }, (amended) => ({ ...amended, ...late }));
  record(journal, [late]);
  expect(journal.runUp(kill!)).toEqual(runUpOf(kill!.id));
  expect(journal.after(0, 1)[0]?.kill).not.toHaveProperty('runUp');
});

test('a kill whose cgroup is known only by an amendment gets them then', () => {
  const journal = openJournal();
  const [kill] = killsOf(1, 1);
  record(journal, [kill!]);
  const runUp = runUpOf('amended');
  journal.amend({ id: kill!.id, fields: { scope: 'pod' } }, (amended) => ({ ...amended, runUp }));
  expect(journal.runUp(kill!)).toEqual(runUp);
});

test('they go with their kills, and those of older kills before them', () => {
  const journal = openJournal(temporaryFolder(), { maxKills: 10, maxReports: 4 });
  record(journal, withRunUps(killsOf(1, 3)));
  expect(kept(journal)).toEqual([1, 2, 3]);
  record(journal, withRunUps(killsOf(4, 17)));
  expect(kept(journal)).toEqual([17, 18, 19, 20]);
});

test('200 kills of a storm have theirs, each in less than the bound', () => {
  const journal = openJournal();
  const kills = killsOf(1, 200).map((kill) => ({ ...kill, runUp: biggest(80, 20) }));
  record(journal, kills);
  expect(kept(journal)).toHaveLength(200);
  const [sizes] = journal.store.read((db) =>
    db.prepare('SELECT max(length(run_up)) AS most, count(*) AS n FROM kill_run_ups').all(),
  );
  expect(sizes?.n).toBe(200);
  expect(Number(sizes?.most)).toBeLessThanOrEqual(maxRunUpBytes);
});

test('they go along to memory, back to the disk, and into a journal that comes late', () => {
  const disk = database();
  const memory = database();
  const journal = openJournal();
  record(journal, withRunUps(killsOf(1, 5)));
  journal.store.read((db) => copyNewest(db, memory, 3));
  expect(count(memory)).toBe(3);
  bringUpToDate(memory, disk);
  expect(count(disk)).toBe(3);
  const late = database();
  mergeInto(late, memory, { keepMs: 1 });
  expect(count(late)).toBe(3);
});

test('one that is not what was written is no run-up, and no fault of the kill’s', () => {
  const journal = openJournal();
  const [kill] = withRunUps(killsOf(1, 1));
  record(journal, [kill!]);
  journal.store.write((db) => db.exec(`UPDATE kill_run_ups SET run_up = '{"c":{"t":[5]}}'`));
  expect(journal.runUp(kill!)).toBeUndefined();
  expect(journal.after(0, 1)[0]?.kill.id).toBe(kill!.id);
  expect(journal.store.leftOut).toBe(1);
});

test.each([
  '{"c":5}',
  '{"c":{"p":"/","s":1,"t":5}}',
  '{"c":{"p":"/","s":1,"t":[1],"u":["x"]}}',
  '{"c":{"p":"/","s":1,"t":[1],"u":[1],"r":[[9,0,1,1,1]]}}',
  '{"c":{"p":"/","s":1,"t":[1],"u":[1],"r":[[0,0,1]],"n":[]}}',
  '{"c":{"p":"/","s":1,"t":[1],"u":[1],"r":[[0,7,1,1,1]],"n":[[1,2,"x"]]}}',
  'null',
  '[',
])('%s is no run-up', (text) => expect(() => decodeRunUp(text)).toThrow());

const size = fc.nat({ max: 2 ** 32 });
const processSample = fc.record(
  {
    pid: fc.nat(),
    startTicks: fc.nat(),
    comm: fc.string(),
    anonRssKiB: size,
    fileRssKiB: size,
    shmemRssKiB: size,
  },
  { requiredKeys: ['pid', 'startTicks', 'comm', 'anonRssKiB'] },
);
const sample = fc.record(
  {
    monotonicUs: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
    usageKiB: size,
    limitKiB: size,
    anonKiB: size,
    fileKiB: size,
    shmemKiB: size,
    kernelKiB: size,
    swapKiB: size,
    inactiveFileKiB: size,
    processes: fc.array(processSample, { maxLength: 5 }),
  },
  { requiredKeys: ['monotonicUs', 'usageKiB'] },
);
const part = fc.record({
  path: fc.string(),
  sinceMonotonicUs: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  samples: fc.array(sample, { maxLength: 8 }),
});

test('whatever was recorded comes back as it was', () => {
  const runUp = fc.record(
    { killMonotonicUs: fc.nat(), cgroup: part, limitOwner: part },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(runUp, (given) => {
      expect(decodeRunUp(encodeRunUp(given))).toEqual(given);
    }),
  );
});

test('what is too long loses its older processes first, then older samples, and never the newest', () => {
  const whole = biggest(80, 80);
  const text = encodeRunUp(whole);
  expect(text.length).toBeLessThanOrEqual(maxRunUpBytes);
  const { cgroup } = decodeRunUp(text);
  expect(cgroup?.samples.at(-1)?.usageKiB).toBe(whole.cgroup?.samples.at(-1)?.usageKiB);
  const long = { ...whole, cgroup: { ...whole.cgroup!, path: `/${'p'.repeat(6000)}` } };
  const short = decodeRunUp(encodeRunUp(long));
  expect(short.cgroup?.samples.length).toBeLessThan(80);
  expect(short.cgroup?.samples.at(-1)?.usageKiB).toBe(whole.cgroup?.samples.at(-1)?.usageKiB);
});

/** With sizes that change by odd amounts, as they do where differences help least. */
function biggest(samples: number, lists: number): RunUp {
  const odd = (at: number) => 1_000_000 + ((at * 7919) % 65_536);
  const part = (path: string) => ({
    path,
    sinceMonotonicUs: 38_000_000_000,
    samples: Array.from({ length: samples }, (_, at): MemorySample => {
      const list = Array.from({ length: 5 }, (_, i) => ({
        pid: 100_000 + i,
        startTicks: 3_800_000 + i,
        comm: `worker-${i}`,
        anonRssKiB: odd(at + i),
        fileRssKiB: odd(at + 2 * i),
        shmemRssKiB: odd(at + 3 * i),
      }));
      return {
        monotonicUs: 38_000_000_000 + at * 7_500_123,
        usageKiB: odd(at),
        limitKiB: 2_097_152,
        anonKiB: odd(at + 1),
        fileKiB: odd(at + 2),
        shmemKiB: odd(at + 3),
        kernelKiB: odd(at + 4),
        swapKiB: 0,
        inactiveFileKiB: odd(at + 5),
        ...(at >= samples - lists && { processes: list }),
      };
    }),
  });
  const pod = '/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2bc583.slice';
  return {
    killMonotonicUs: 38_600_000_000,
    cgroup: part(`${pod}/cri-containerd-3f9d.scope`),
    limitOwner: part(pod),
  };
}

function database(): Database {
  const db = new DatabaseSync(':memory:');
  migrate(db, ':memory:');
  return db;
}

const count = (db: Database) =>
  Number(db.prepare('SELECT count(*) AS n FROM kill_run_ups').get()?.n);
