import type { Kill } from '@oomwatcher/oom';
import type { Family, LabelValues } from './series.js';

/** One series and the newest row that it counts. */
export interface Series {
  values: LabelValues;
  kills: number;
  lastRow: number;
}

/** The series of one counter, bounded: the least recently killed are folded into another. */
export class SeriesTable {
  readonly #family: Family;
  readonly #most: number;
  /** Least recently killed first. */
  readonly #series = new Map<string, Series>();
  readonly #others = new Map<string, Series>();
  readonly #changed = new Set<string>();
  readonly #removed = new Map<string, LabelValues>();

  constructor(family: Family, most: number) {
    this.#family = family;
    this.#most = most;
  }

  /** Puts in a saved series; in the order of their last rows. */
  restore(values: LabelValues, kills: number, lastRow: number): void {
    const isOther = String(this.#family.otherThan?.(values)) === String(values);
    (isOther ? this.#others : this.#series).set(keyOf(values), { values, kills, lastRow });
  }

  count(kill: Kill, row: number): void {
    const values = this.#family.valuesOf(kill);
    this.#add(this.#series, values, 1, row);
    this.#fold();
  }

  *series(): Generator<Series> {
    yield* this.#series.values();
    yield* this.#others.values();
  }

  /** What is to be saved since the last time. */
  changes(): { changed: Series[]; removed: LabelValues[] } {
    const changed = [...this.#changed].flatMap((key) => {
      const series = this.#series.get(key) ?? this.#others.get(key);
      return series === undefined ? [] : [series];
    });
    const removed = [...this.#removed]
      .filter(([key]) => !this.#series.has(key) && !this.#others.has(key))
      .map(([, values]) => values);
    this.#changed.clear();
    this.#removed.clear();
    return { changed, removed };
  }

  #add(to: Map<string, Series>, values: LabelValues, kills: number, row: number): void {
    const key = keyOf(values);
    const before = to.get(key);
    to.delete(key);
    to.set(key, {
      values,
      kills: (before?.kills ?? 0) + kills,
      lastRow: Math.max(before?.lastRow ?? 0, row),
    });
    this.#changed.add(key);
  }

  #fold(): void {
    const { otherThan } = this.#family;
    if (otherThan === undefined || this.#series.size <= this.#most) return;
    const [key, least] = this.#series.entries().next().value as [string, Series];
    this.#series.delete(key);
    this.#removed.set(key, least.values);
    this.#add(this.#others, otherThan(least.values), least.kills, least.lastRow);
  }
}

function keyOf(values: LabelValues): string {
  return values.join('\0');
}
