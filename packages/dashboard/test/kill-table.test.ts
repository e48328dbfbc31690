import type { Kill } from '@oomwatcher/oom';
import { describe, expect, test } from 'vitest';
import { killsOf } from '../../journal/test/support/journals.js';
import { hostileName, knownOfKill } from '../../oom/test/support/kills.js';
import { killIndex, shownOf } from '../src/api/kill-index.js';
import { binsOf, countInto } from '../src/page/bins.js';
import { KillTable } from '../src/page/kill-table.js';
import { inTime, matcher } from '../src/page/selection.js';
import { topOf } from '../src/page/top.js';

const hourMs = 3_600_000;
const beginMs = Date.parse('2026-11-24T00:00:00Z');

const shown = (row: number, kill: Kill) => shownOf({ row, kill, recordedMs: 0, historic: false });

/** Kills of rows 1 to 12, one an hour: two processes in three pods, every sixth because the node ran out. */
function tableOf(more: (i: number) => Partial<Kill> = () => ({})): KillTable {
  const rows = killsOf(1, 12).map((kill, i) =>
    shown(i + 1, {
      ...knownOfKill,
      ...kill,
      time: new Date(beginMs + i * hourMs).toISOString(),
      scope: i % 6 === 0 ? 'node' : 'container',
      victim: { pid: 100 + i, name: i % 2 === 0 ? 'web' : 'worker' },
      pod: { uid: 'u', namespace: i % 3 === 0 ? 'shop' : 'test', name: 'p', container: 'app' },
      ...more(i),
    }),
  );
  const table = new KillTable();
  // As the page gets them: some of the past, newest first, and then what happens.
  table.addPast(killIndex(rows.slice(4, 8).reverse()));
  table.addPast(killIndex(rows.slice(0, 4).reverse()));
  table.addLive(killIndex(rows.slice(8)));
  return table;
}

const rowsOf = (table: KillTable, slots: Iterable<number>) =>
  [...slots].map((slot) => table.number('row', slot));
const all = (table: KillTable) => table.select(() => true);
const selected = (table: KillTable, search: string, equals = {}) =>
  rowsOf(table, table.select(matcher(table, { search, equals })));

describe('the kills that the page knows', () => {
  test('are in order, the newest first, whichever way they came', () => {
    const table = tableOf();
    expect(rowsOf(table, all(table))).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(rowsOf(table, table.slots())).toEqual(rowsOf(table, all(table)));
    expect(table.newestRow).toBe(12);
  });

  test('are not there twice when a connection that came back sends them again', () => {
    const table = tableOf();
    const again = killsOf(11, 3).map((kill, i) => shown(11 + i, kill));
    table.addLive(killIndex(again));
    expect(table.length).toBe(13);
    expect(table.newestRow).toBe(13);
  });

  test('get what became known later, and stay where they are', () => {
    const table = tableOf();
    const kill = { ...killsOf(3, 1)[0], pod: { uid: 'u', namespace: 'n', name: 'later' } } as Kill;
    table.update(killIndex([shown(3, kill)]));
    expect(table.text('pod', table.slotOfRow(3) as number)).toBe('later');
    expect(table.length).toBe(12);
  });

  test('are many without loss', () => {
    const table = new KillTable();
    const many = killsOf(1, 5000).map((kill, i) =>
      shown(i + 1, { ...kill, victim: { pid: i, name: `n${i}` } }),
    );
    table.addLive(killIndex(many));
    for (const row of [1, 1024, 1025, 5000]) {
      expect(table.text('name', table.slotOfRow(row) as number)).toBe(`n${row - 1}`);
    }
  });

  test('have no text that is not printable', () => {
    const table = tableOf(() => ({ victim: { pid: 1, name: hostileName } }));
    for (const text of table.texts) expect(text).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  });
});

describe('a question', () => {
  test('is answered by part of a name, of a pod or of a cgroup, in any case', () => {
    const table = tableOf();
    expect(selected(table, ' WORK ')).toEqual([12, 10, 8, 6, 4, 2]);
    expect(selected(table, 'shop')).toEqual([10, 7, 4, 1]);
    expect(selected(table, '/pod/ap')).toHaveLength(12);
    expect(selected(table, 'nothing of it')).toEqual([]);
    expect(selected(table, '')).toHaveLength(12);
  });

  test('is answered by a whole pid, not by a part of one', () => {
    expect(selected(tableOf(), '103')).toEqual([4]);
    expect(selected(tableOf(), '10')).toEqual([]);
  });

  test('with values that nothing has is answered by nothing, and all values must hold', () => {
    const table = tableOf();
    expect(selected(table, '', { name: 'web', namespace: 'shop' })).toEqual([7, 1]);
    expect(selected(table, 'worker', { namespace: 'shop' })).toEqual([10, 4]);
    expect(selected(table, '', { name: 'we' })).toEqual([]);
  });

  test('about a time has a beginning that belongs to it and an end that does not', () => {
    const table = tableOf();
    const isIn = inTime(table, {
      equals: {},
      search: '',
      fromMs: beginMs + hourMs,
      toMs: beginMs + 3 * hourMs,
    });
    expect(rowsOf(table, table.select(isIn))).toEqual([3, 2]);
  });
});

describe('the bars of the timeline', () => {
  test('are of a round length, cover the span, and are no more than there is room for', () => {
    for (const span of [1, 59, 61, 3600, 86_400, 40 * 86_400, 900 * 86_400]) {
      for (const most of [10, 80, 200]) {
        const toMs = beginMs + span * 1000;
        const bins = binsOf(beginMs, toMs, most);
        expect(bins.length, `${span} s, ${most} bars`).toBeLessThanOrEqual(most);
        expect(bins[0]?.fromMs).toBeLessThanOrEqual(beginMs);
        expect(bins.at(-1)?.toMs).toBeGreaterThanOrEqual(toMs);
        for (const [i, bin] of bins.entries()) {
          if (i > 0) expect(bin.fromMs).toBe(bins[i - 1]?.toMs);
        }
      }
    }
  });

  test('count each kill once, and the node’s apart', () => {
    const table = tableOf();
    const bins = binsOf(beginMs, beginMs + 12 * hourMs, 100);
    countInto(bins, table, all(table));
    expect(bins.reduce((sum, { limit, node }) => sum + limit + node, 0)).toBe(12);
    expect(bins.reduce((sum, { node }) => sum + node, 0)).toBe(2);
    const hour = binsOf(beginMs, beginMs + hourMs - 1, 100);
    countInto(hour, table, all(table));
    expect(hour.reduce((sum, { limit, node }) => sum + limit + node, 0)).toBe(1);
  });
});

describe('who is killed most', () => {
  test('are combinations of texts, the most frequent first, no more than asked for', () => {
    const table = tableOf();
    expect(topOf(table, all(table), ['namespace', 'name'], 3)).toEqual([
      { values: { namespace: 'test', name: 'worker' }, kills: 4 },
      { values: { namespace: 'test', name: 'web' }, kills: 4 },
      { values: { namespace: 'shop', name: 'worker' }, kills: 2 },
    ]);
  });

  test('are only those whose last text is known, the others may be missing', () => {
    const table = tableOf((i) => (i < 3 ? { pod: { uid: 'u' } } : {}));
    const top = topOf(table, all(table), ['namespace', 'pod'], 9);
    expect(top).toContainEqual({ values: { pod: 'u' }, kills: 3 });
    const { pod: _, container: __, ...without } = knownOfKill;
    const few = new KillTable();
    const kill = { ...killsOf(1, 1)[0], ...without } as Kill;
    few.addLive(killIndex([shown(1, kill)]));
    expect(topOf(few, all(few), ['namespace', 'pod'], 9)).toEqual([]);
  });
});
