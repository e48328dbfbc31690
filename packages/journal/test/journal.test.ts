import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { hostileName, wholeKill } from '../../oom/test/support/kills.js';
import type { JournalChange } from '../src/journal.js';
import { TestClock } from './support/clocks.js';
import { idsOf, killsOf, openJournal, record } from './support/journals.js';

const hour = 3_600_000;
const day = 24 * hour;
const cursor = (seq: bigint) => ({ bootId: 'b', seq });

describe('a kill', () => {
  test('that comes twice is recorded once, and given back once', () => {
    const journal = openJournal();
    expect(record(journal, killsOf(1, 2))).toHaveLength(2);
    expect(record(journal, killsOf(2, 2)).map(({ kill }) => kill.id)).toEqual(['b:3']);
    expect(idsOf(journal)).toEqual(['b:1', 'b:2', 'b:3']);
    expect(journal.boot('b')?.kills).toBe(3);
    expect(journal.rows(), 'no number is used up').toEqual({ oldest: 1, newest: 3 });
  });

  test('comes back as it was, whatever its names are', () => {
    const journal = openJournal();
    const name = `${hostileName}'; DROP TABLE kills; --\0`;
    const kill = { ...wholeKill, victim: { ...wholeKill.victim, pid: 1, name } };
    record(journal, [kill]);
    expect(journal.after(0, 10)[0]).toMatchObject({ row: 1, kill, historic: false });
    expect(journal.after(0, 10)[0]?.kill).toEqual(kill);
  });

  test('outlives the agent that recorded it', () => {
    const folder = temporaryFolder();
    const before = openJournal(folder);
    before.append({
      kills: killsOf(1, 3),
      cursor: cursor(3n),
      tallies: { repeats: 1, forged: 2, lost: 3 },
      lostThrough: 2n,
    });
    before.close();
    const after = openJournal(folder);
    expect(idsOf(after)).toEqual(['b:1', 'b:2', 'b:3']);
    expect(after.cursor('b')).toEqual(cursor(3n));
    expect(after.boot('b')).toEqual({
      bootId: 'b',
      seq: 3n,
      kills: 3,
      repeats: 1,
      forged: 2,
      lost: 3,
      whileAway: 0,
      unaccounted: 0,
      lostThrough: 2n,
    });
  });
});

describe('the cursor', () => {
  test('is of one boot, and unknown where none was watched to the end of its log', () => {
    const journal = openJournal();
    expect(journal.hasWatched).toBe(false);
    record(journal, killsOf(1, 1));
    expect(journal.hasWatched, 'kills alone are no watch').toBe(false);
    journal.append({ kills: [], cursor: cursor(7n), tallies: {} });
    expect(journal.hasWatched).toBe(true);
    expect(journal.cursor('b')).toEqual(cursor(7n));
    expect(journal.cursor('another')).toBeUndefined();
  });

  test('never goes back: what was reported would be reported again', () => {
    const journal = openJournal();
    journal.append({ kills: [], cursor: cursor(9n), tallies: {} });
    journal.append({ kills: [], cursor: cursor(4n), tallies: {} });
    expect(journal.cursor('b')).toEqual(cursor(9n));
  });

  test('is exact beyond what a double can hold', () => {
    const journal = openJournal();
    const seq = 2n ** 60n + 1n;
    journal.append({ kills: [], cursor: cursor(seq), tallies: {}, lostThrough: seq });
    expect(journal.cursor('b')).toEqual(cursor(seq));
    expect(journal.boot('b')?.lostThrough).toBe(seq);
  });
});

test('tallies add up, and what was before the first watch is unknown until it is reported', () => {
  const journal = openJournal();
  journal.append({ kills: [], cursor: cursor(1n), tallies: { repeats: 1, whileAway: 2 } });
  expect(journal.boot('b')).not.toHaveProperty('beforeFirstWatch');
  journal.append({ kills: [], cursor: cursor(1n), tallies: { repeats: 1, beforeFirstWatch: 0 } });
  expect(journal.boot('b')).toMatchObject({ repeats: 2, whileAway: 2, beforeFirstWatch: 0 });
});

test('boots beyond a hundred are forgotten, the newest are not', () => {
  const journal = openJournal();
  for (let i = 0; i < 120; i++) {
    journal.append({ kills: [], cursor: { bootId: `boot-${i}`, seq: 1n }, tallies: {} });
  }
  const count = journal.store.read((db) => db.prepare('SELECT count(*) AS n FROM boots').get());
  expect(count?.n).toBe(100);
  expect(journal.cursor('boot-119')).toBeDefined();
  expect(journal.cursor('boot-0')).toBeUndefined();
});

describe('listeners', () => {
  test('hear what is recorded, once it is there, and nothing of what was there already', () => {
    const journal = openJournal();
    const heard: [JournalChange['kind'], string[], number][] = [];
    const off = journal.onChange(({ kind, kills }) => {
      heard.push([kind, kills.map(({ kill }) => kill.id), idsOf(journal).length]);
    });
    record(journal, killsOf(1, 2));
    record(journal, killsOf(1, 2));
    off();
    record(journal, killsOf(3, 1));
    expect(heard).toEqual([['appended', ['b:1', 'b:2'], 2]]);
  });
});

describe('what turned out later of a kill', () => {
  test('is put into its record, beside what the record had', () => {
    const journal = openJournal();
    const heard: string[] = [];
    record(journal, killsOf(1, 2, { pod: { uid: 'abc', qos: 'burstable' } }));
    journal.onChange(({ kind }) => heard.push(kind));
    const fields = {
      scope: 'container',
      group: { id: 'b:1', size: 2 },
      pod: { uid: 'abc', namespace: 'shop' },
    } as const;
    expect(journal.amend({ id: 'b:2', fields })?.kill).toMatchObject({
      id: 'b:2',
      group: { size: 2 },
      pod: { uid: 'abc', qos: 'burstable', namespace: 'shop' },
    });
    expect(heard).toEqual(['completed']);
    const found = journal.find({ scope: 'container', namespace: 'shop', limit: 10 });
    expect(found.map(({ kill }) => kill.id)).toEqual(['b:2']);
  });

  test('changes nothing where the kill is not there', () => {
    const journal = openJournal();
    expect(journal.amend({ id: 'b:9', fields: { complete: true } })).toBeUndefined();
  });
});

describe('a name that was learned later', () => {
  const pod = { namespace: 'shop', name: 'web-7f', container: 'app' };

  test('is put into the record and can be asked for', () => {
    const journal = openJournal();
    const heard: JournalChange[] = [];
    journal.onChange((change) => heard.push(change));
    record(journal, killsOf(1, 2, { pod: { uid: 'abc', qos: 'burstable' } }));
    expect(journal.complete('b:2', pod)?.kill.pod).toEqual({
      uid: 'abc',
      qos: 'burstable',
      ...pod,
    });
    expect(heard.map(({ kind, kills }) => [kind, kills[0]?.row])).toEqual([
      ['appended', 1],
      ['completed', 2],
    ]);
    const found = journal.find({ namespace: 'shop', pod: 'web-7f', container: 'app', limit: 10 });
    expect(found.map(({ kill }) => [kill.id, kill.pod?.name])).toEqual([['b:2', 'web-7f']]);
  });

  test('is not put into a kill that is not there, or that is of no pod', () => {
    const journal = openJournal();
    record(journal, killsOf(1, 1));
    expect(journal.complete('b:1', pod)).toBeUndefined();
    expect(journal.complete('b:9', pod)).toBeUndefined();
  });
});

test('questions are answered newest first, each part of them narrowing', () => {
  const journal = openJournal();
  const at = (minute: number) => `2026-11-24T06:${String(minute).padStart(2, '0')}:00.000000Z`;
  for (let i = 0; i < 10; i++) {
    record(journal, [
      {
        ...wholeKill,
        id: `b:${i}`,
        time: at(i),
        scope: i % 2 === 0 ? 'container' : 'node',
        victim: { pid: i, name: i < 5 ? 'nginx' : 'java' },
      },
    ]);
  }
  const ids = (query: Omit<Parameters<typeof journal.find>[0], 'limit'>, limit = 100) =>
    journal.find({ ...query, limit }).map(({ kill }) => Number(kill.id.slice(2)));
  expect(ids({})).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  expect(ids({}, 2)).toEqual([9, 8]);
  expect(ids({ sinceMs: Date.parse(at(3)), untilMs: Date.parse(at(6)) })).toEqual([5, 4, 3]);
  expect(ids({ name: 'java', scope: 'node' })).toEqual([9, 7, 5]);
  expect(ids({ beforeRow: 3 })).toEqual([1, 0]);
  expect(ids({ name: "' OR 1=1 --" })).toEqual([]);
});

describe('bounds', () => {
  test('by rows: the newest stay, their rows go on rising, and the count since boot is not less', () => {
    const journal = openJournal(undefined, { maxKills: 10 });
    for (let i = 0; i < 5; i++) record(journal, killsOf(i * 7, 7));
    expect(idsOf(journal)).toEqual(killsOf(25, 10).map(({ id }) => id));
    expect(journal.rows()).toEqual({ oldest: 26, newest: 35 });
    expect(journal.boot('b')?.kills).toBe(35);
  });

  test('a row number is not used again after everything has been forgotten', () => {
    const folder = temporaryFolder();
    const clock = new TestClock();
    const journal = openJournal(folder, { keepMs: 0, clock });
    record(journal, killsOf(1, 3));
    clock.passes(5);
    journal.prune();
    expect(journal.rows()).toBeUndefined();
    journal.close();
    const again = openJournal(folder);
    expect(record(again, killsOf(9, 1))[0]?.row).toBe(4);
  });

  test('by age: what is older goes when something is recorded, and when the day is quiet', () => {
    const clock = new TestClock();
    const journal = openJournal(undefined, { clock, keepMs: 30 * day });
    record(journal, killsOf(1, 3));
    clock.passes(30 * day + hour);
    record(journal, killsOf(4, 1));
    expect(idsOf(journal)).toEqual(['b:4']);
    clock.passes(30 * day + hour);
    journal.prune();
    expect(idsOf(journal)).toEqual([]);
  });
});

describe('whatever is done to the wall clock', () => {
  const steps = [-40 * day, -hour, -1000, 1000, hour, 40 * day, -56 * 365 * day];

  test.each(steps)(
    'set by %d ms, no kill is forgotten early, and none is kept for ever',
    (byMs) => {
      const clock = new TestClock();
      const journal = openJournal(undefined, { clock });
      record(journal, killsOf(1, 2));
      clock.isSet(byMs);
      for (let passed = 0; passed < 29 * day; passed += day / 2) {
        clock.passes(day / 2);
        journal.prune();
      }
      expect(idsOf(journal)).toEqual(['b:1', 'b:2']);
      for (let passed = 0; passed < 3 * day; passed += hour) {
        clock.passes(hour);
        journal.prune();
      }
      expect(idsOf(journal)).toEqual([]);
    },
  );

  test.each(steps)('a start with a clock that is wrong by %d ms forgets nothing', (byMs) => {
    const folder = temporaryFolder();
    const clock = new TestClock();
    const before = openJournal(folder, { clock });
    record(before, killsOf(1, 2));
    clock.passes(hour);
    before.append({ kills: [], cursor: cursor(2n), tallies: {} });
    before.close();
    const wrong = new TestClock(clock.wallMs() + byMs);
    const journal = openJournal(folder, { clock: wrong });
    record(journal, killsOf(3, 1));
    for (let passed = 0; passed < 100; passed++) {
      journal.append({ kills: [], cursor: { bootId: `boot ${passed}`, seq: 1n }, tallies: {} });
    }
    wrong.isSet(-byMs);
    wrong.passes(20 * day);
    journal.prune();
    expect(idsOf(journal)).toEqual(['b:1', 'b:2', 'b:3']);
    expect(journal.cursor('boot 99'), 'the running boot is the newest').toBeDefined();
    expect(journal.cursor('b'), 'the oldest of 101').toBeUndefined();
  });
});
