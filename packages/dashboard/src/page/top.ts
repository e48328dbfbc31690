import type { KillTable, TextColumn } from './kill-table.js';

export interface TopEntry {
  values: Partial<Record<TextColumn, string>>;
  kills: number;
}

/** The most frequent combinations of the columns' texts among the slots. A kill that lacks the last column is left out. */
export function topOf(
  table: KillTable,
  slots: Uint32Array,
  columns: readonly TextColumn[],
  max: number,
): TopEntry[] {
  const ids = columns.map((column) => table.ids(column));
  const last = ids.at(-1) as Int32Array;
  const width = table.texts.length + 1;
  const counts = new Map<number, number>();
  for (const slot of slots) {
    if ((last[slot] as number) < 0) continue;
    let key = 0;
    for (const column of ids) key = key * width + (column[slot] as number) + 1;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, max)
    .map(([key, kills]) => ({ values: valuesOf(table, columns, key, width), kills }));
}

function valuesOf(
  table: KillTable,
  columns: readonly TextColumn[],
  key: number,
  width: number,
): TopEntry['values'] {
  const values: TopEntry['values'] = {};
  let rest = key;
  for (const column of columns.toReversed()) {
    const text = table.texts[(rest % width) - 1];
    if (text !== undefined) values[column] = text;
    rest = Math.floor(rest / width);
  }
  return values;
}
