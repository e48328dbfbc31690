import type { Journal } from '@oomwatcher/journal';
import type { Kill } from '@oomwatcher/oom';
import { expect, test } from 'vitest';
import { killsOf, openJournal, record } from '../../../../journal/test/support/journals.js';
import { temporaryFolder } from '../../../../kmsg/test/support/temporary.js';
import { KillCounts, type KillCountsOptions } from '../../../src/sinks/metrics/kill-counts.js';
import type { FamilyName } from '../../../src/sinks/metrics/series.js';

const inPod = (name?: string): Partial<Kill> => ({
  scope: 'container',
  pod: { uid: 'u1', ...(name !== undefined && { namespace: 'shop', name, container: 'app' }) },
});

/** What is counted when everything that is recorded has been. */
function counted(journal: Journal, family: FamilyName, options?: KillCountsOptions) {
  const counts = new KillCounts(journal, options);
  counts.stop();
  return Object.fromEntries(
    [...counts.of(family)].map(({ values, kills }) => [values.join(), kills]),
  );
}

test('counts outlive the agent and the rows that they count', () => {
  const folder = temporaryFolder();
  const first = openJournal(folder, { maxKills: 3 });
  record(first, killsOf(1, 3, inPod('web')));
  expect(counted(first, 'kills')).toEqual({ 'shop,web,app,container,web': 3 });
  record(first, killsOf(4, 3, { scope: 'node' }));
  first.close();
  const again = openJournal(folder, { maxKills: 3 });
  expect(again.rows()).toEqual({ oldest: 4, newest: 6 });
  expect(counted(again, 'kills')).toEqual({ 'shop,web,app,container,web': 3, ',,,node,': 3 });
});

test('more series than the bound: the least recently killed are one, and the node’s total is whole', () => {
  const journal = openJournal();
  for (let i = 1; i <= 6; i++) record(journal, killsOf(i, 1, inPod(`pod-${i}`)));
  record(journal, killsOf(7, 1, inPod('pod-5')));
  const options = { maxSeries: 2 };
  expect(counted(journal, 'kills', options)).toEqual({
    'shop,pod-6,app,container,pod': 1,
    'shop,pod-5,app,container,pod': 2,
    'other,other,other,container,': 4,
  });
  expect(counted(journal, 'kills', options)).toMatchObject({ 'other,other,other,container,': 4 });
  expect(counted(journal, 'scopes', options)).toEqual({ container: 7 });
});

test('a kill waits for its pod’s name, is counted once, and is counted without one in the end', async () => {
  const journal = openJournal();
  const counts = new KillCounts(journal, { nameWaitMs: 3_600_000 });
  record(journal, killsOf(1, 2, inPod()));
  counts.stop();
  expect(counts.total).toBe(0);

  const again = new KillCounts(journal, { nameWaitMs: 3_600_000 });
  again.start();
  journal.complete('b:1', { namespace: 'shop', name: 'web', container: 'app' });
  again.stop();
  expect([...again.of('kills')]).toMatchObject([
    { values: ['shop', 'web', 'app', 'container', 'web'] },
  ]);
  expect(again.total).toBe(1);

  const late = new KillCounts(journal);
  late.start();
  await expect.poll(() => late.total).toBe(2);
  late.stop();
  expect(counted(journal, 'kills')).toEqual({
    'shop,web,app,container,web': 1,
    ',,,container,u1': 1,
  });
});

test('a crash loop is one series, though kubelet names each of its containers late', async () => {
  const journal = openJournal();
  const options = { nameWaitMs: 3_600_000 };
  const restarts = [1, 2, 3, 4, 5].map((number) => ({
    ...killsOf(number, 1, { scope: 'container', pod: { uid: 'u1' } })[0]!,
    container: { id: `${number}`.repeat(64) },
  }));
  record(journal, restarts);
  const counts = new KillCounts(journal, options);
  counts.start();
  const pod = { namespace: 'shop', name: 'web' };
  // As PodNames does: the pod's name first.
  for (const { id } of restarts) journal.complete(id, pod);
  for (const { id } of restarts.slice(1)) journal.complete(id, { ...pod, container: 'app' });
  counts.stop();
  expect(counted(journal, 'kills', options)).toEqual({ 'shop,web,app,container,web': 4 });
  // Nobody will name the first.
  const late = new KillCounts(journal);
  late.start();
  await expect.poll(() => late.total).toBe(5);
  late.stop();
  expect(counted(journal, 'kills')).toEqual({
    'shop,web,app,container,web': 4,
    'shop,web,unknown,container,web': 1,
  });
});

test('processes that were killed together are one incident, of the one that was chosen', () => {
  const journal = openJournal();
  record(journal, killsOf(1, 25, { ...inPod('web'), group: { id: 'b:1', size: 25 } }));
  record(journal, killsOf(26, 2, inPod('web')));
  expect(counted(journal, 'incidents')).toEqual({ 'shop,web,app,container,web': 3 });
  expect(counted(journal, 'kills')).toEqual({ 'shop,web,app,container,web': 27 });
});

test('so many may wait, and not more', () => {
  const journal = openJournal();
  record(journal, killsOf(1, 1200, inPod()));
  const counts = new KillCounts(journal, { nameWaitMs: 3_600_000 });
  counts.stop();
  expect(counts.total).toBe(200);
});

test('a failure of the counts is an answer of /metrics, and ends nothing else', async () => {
  const journal = openJournal();
  const counts = new KillCounts(journal);
  counts.start();
  await expect.poll(() => counts.total).toBe(0);
  const { write } = journal.store;
  let failures = 0;
  journal.store.write = (use) =>
    write.call(journal.store, (db) => {
      // Of the counts' own transactions.
      if (db.prepare('SELECT count(*) AS n FROM kills').get()?.n !== 1) return use(db);
      failures++;
      throw new TypeError('something nobody thought of');
    }) as never;
  record(journal, killsOf(1, 1));
  await expect.poll(() => failures).toBeGreaterThan(0);
  expect(() => counts.total).toThrow('nobody thought of');
  Reflect.deleteProperty(journal.store, 'write');
  record(journal, killsOf(2, 1));
  await expect.poll(() => counts.total).toBe(2);
  counts.stop();
});

/** Every series with what is known of its kills. */
function seriesOf(journal: Journal, options?: KillCountsOptions) {
  const counts = new KillCounts(journal, options);
  counts.stop();
  return Object.fromEntries(
    [...counts.of('kills')].map(({ values, firstMs, last }) => [values[1], { firstMs, last }]),
  );
}

const at = (second: number, more: Partial<Kill> = {}): Partial<Kill> => ({
  ...inPod('web'),
  time: `2026-01-01T00:00:0${second}.000000Z`,
  ...more,
});
const msOf = (second: number) => Date.UTC(2026, 0, 1, 0, 0, second);

test('a series knows its first and last kill, and what the last was, across restarts', () => {
  const folder = temporaryFolder();
  const first = openJournal(folder);
  const victim = { pid: 1, name: 'a', anonRssKiB: 90, fileRssKiB: 5 };
  record(first, killsOf(1, 1, at(2, { memory: { usageKiB: 100, limitKiB: 100 }, victim })));
  const told = { usageKiB: 100, limitKiB: 100, residentKiB: 95 };
  expect(seriesOf(first).web).toEqual({
    firstMs: msOf(2),
    last: { timeMs: msOf(2), ...told },
  });
  first.close();
  const again = openJournal(folder);
  expect(seriesOf(again).web).toEqual({ firstMs: msOf(2), last: { timeMs: msOf(2), ...told } });
  // One whose report was withheld, and one that is told late.
  record(again, killsOf(2, 1, at(5)));
  record(again, killsOf(3, 1, at(1, { memory: { usageKiB: 7 } })));
  expect(seriesOf(again).web).toEqual({ firstMs: msOf(1), last: { timeMs: msOf(5), ...told } });
  // Without a limit: that of an earlier kill is none of its.
  record(again, killsOf(4, 1, at(6, { memory: { usageKiB: 200 } })));
  expect(seriesOf(again).web?.last).toEqual({
    timeMs: msOf(6),
    usageKiB: 200,
    residentKiB: 95,
  });
});

test('what is known of last kills is bounded as the counts are, and of many together there is no size', () => {
  const journal = openJournal();
  for (let i = 1; i <= 3; i++) {
    const memory = { usageKiB: i, limitKiB: i };
    record(journal, killsOf(i, 1, { ...at(i, { memory }), ...inPod(`pod-${i}`) }));
  }
  expect(seriesOf(journal, { maxSeries: 1 })).toEqual({
    'pod-3': { firstMs: msOf(3), last: { timeMs: msOf(3), usageKiB: 3, limitKiB: 3 } },
    other: { firstMs: msOf(1), last: { timeMs: msOf(2) } },
  });
});
