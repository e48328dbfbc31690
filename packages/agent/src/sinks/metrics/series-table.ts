import type { JournalledKill } from '@oomwatcher/journal';
import { type LastKill, lastKillOf, newerOf } from './last-kill.js';
import { type Family, type LabelValues, labelsOf } from './series.js';

/** One series and the newest row that it counts. */
export interface Series {
  values: LabelValues;
  kills: number;
  lastRow: number;
  /** When its first kill happened, by the kernel. An earlier version has not written that down. */
  firstMs?: number;
  last?: LastKill;
}

/** The series of one counter, bounded: the least recently killed are folded into another. */
export class SeriesTable {
  readonly #family: Family;
  readonly #max: number;
  /** Least recently killed first. */
  readonly #series = new Map<string, Series>();
  readonly #others = new Map<string, Series>();
  readonly #changed = new Set<string>();
  readonly #removed = new Set<string>();

  constructor(family: Family, max: number) {
    this.#family = family;
    this.#max = max;
  }

  /**
   * Puts in a saved series; in the order of their last rows. Labels that this version does not have are left out, and
   * series that are the same without them become one.
   */
  restore(series: Series, stored: string): void {
    const key = this.#keyOf(series.values);
    const to = key === this.#otherKeyOf(series.values) ? this.#others : this.#series;
    if (key === stored && !to.has(key)) {
      to.set(key, series);
      return;
    }
    this.#add(to, series);
    if (key !== stored) this.#removed.add(stored);
  }

  count({ kill, row, recordedMs }: JournalledKill): void {
    if (this.#family.counts?.(kill) === false) return;
    const values = this.#family.valuesOf(kill);
    const last = lastKillOf(kill, recordedMs);
    this.#add(this.#series, { values, kills: 1, lastRow: row, firstMs: last.timeMs, last });
    this.#fold();
  }

  *series(): Generator<Series> {
    yield* this.#series.values();
    yield* this.#others.values();
  }

  /** What is to be saved since the last time; `removed` by its labels as they are stored. */
  changes(): { changed: Series[]; removed: string[] } {
    const find = (key: string) => this.#series.get(key) ?? this.#others.get(key);
    const changed = [...this.#changed].map(find).filter((series) => series !== undefined);
    const removed = [...this.#removed].filter((key) => find(key) === undefined);
    this.#changed.clear();
    this.#removed.clear();
    return { changed, removed };
  }

  #add(to: Map<string, Series>, more: Series): void {
    const key = this.#keyOf(more.values);
    const before = to.get(key);
    to.delete(key);
    to.set(key, before === undefined ? more : joined(before, more));
    this.#changed.add(key);
  }

  #fold(): void {
    const { otherThan } = this.#family;
    if (otherThan === undefined || this.#series.size <= this.#max) return;
    const [key, least] = this.#series.entries().next().value as [string, Series];
    this.#series.delete(key);
    this.#removed.add(key);
    const { last, ...rest } = least;
    this.#add(this.#others, {
      ...rest,
      values: otherThan(least.values),
      // Sizes of one kill say nothing of many workloads.
      ...(last !== undefined && { last: { timeMs: last.timeMs } }),
    });
  }

  #keyOf(values: LabelValues): string {
    return labelsOf(this.#family, values);
  }

  #otherKeyOf(values: LabelValues): string | undefined {
    const other = this.#family.otherThan?.(values);
    return other === undefined ? undefined : this.#keyOf(other);
  }
}

function joined(a: Series, b: Series): Series {
  // Not known of one, it is not known of both.
  const firstMs = Math.min(a.firstMs ?? Number.NaN, b.firstMs ?? Number.NaN);
  const last = b.last === undefined ? a.last : newerOf(a.last, b.last);
  return {
    values: a.values,
    kills: a.kills + b.kills,
    lastRow: Math.max(a.lastRow, b.lastRow),
    ...(!Number.isNaN(firstMs) && { firstMs }),
    ...(last !== undefined && { last }),
  };
}
