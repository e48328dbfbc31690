import type { KillTable, TextColumn } from './kill-table.js';

/** What is shown; all that is given must hold. */
export interface Selection {
  fromMs?: number;
  /** Exclusive. */
  toMs?: number;
  /** Exact values; a pod goes with its namespace. */
  equals: Partial<Record<TextColumn, string>>;
  search: string;
}

const searched: readonly TextColumn[] = [
  'name',
  'namespace',
  'pod',
  'container',
  'cgroup',
  'workload',
];

/** A question to ask of each slot. Each text is searched once, not each kill. */
export function matcher(
  table: KillTable,
  { equals, search }: Selection,
): (slot: number) => boolean {
  const tests: ((slot: number) => boolean)[] = [];
  for (const [column, value] of Object.entries(equals) as [TextColumn, string][]) {
    const id = table.texts.indexOf(value);
    const ids = table.ids(column);
    tests.push((slot) => ids[slot] === id);
  }
  const wanted = search.trim().toLowerCase();
  if (wanted !== '') tests.push(searchTest(table, wanted));
  return (slot) => tests.every((test) => test(slot));
}

function searchTest(table: KillTable, wanted: string): (slot: number) => boolean {
  const found = Uint8Array.from(table.texts, (text) =>
    text.toLowerCase().includes(wanted) ? 1 : 0,
  );
  const columns = searched.map((column) => table.ids(column));
  const pids = table.numbers('pid');
  const pid = /^\d+$/.test(wanted) ? Number(wanted) : Number.NaN;
  return (slot) => pids[slot] === pid || columns.some((ids) => found[ids[slot] as number] === 1);
}

export function inTime(
  table: KillTable,
  { fromMs = Number.NEGATIVE_INFINITY, toMs = Number.POSITIVE_INFINITY }: Selection,
): (slot: number) => boolean {
  const times = table.numbers('timeMs');
  return (slot) => {
    const timeMs = times[slot] as number;
    return timeMs >= fromMs && timeMs < toMs;
  };
}
