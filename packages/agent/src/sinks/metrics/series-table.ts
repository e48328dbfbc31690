import type { Kill } from '@oomwatcher/oom';
import { type Family, type LabelValues, labelsOf } from './series.js';

/** One series and the newest row that it counts. */
export interface Series {
  values: LabelValues;
  kills: number;
  lastRow: number;
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
  restore({ values, kills, lastRow }: Series, stored: string): void {
    const key = this.#keyOf(values);
    const to = key === this.#otherKeyOf(values) ? this.#others : this.#series;
    if (key === stored && !to.has(key)) {
      to.set(key, { values, kills, lastRow });
      return;
    }
    this.#add(to, values, kills, lastRow);
    if (key !== stored) this.#removed.add(stored);
  }

  count(kill: Kill, row: number): void {
    if (this.#family.counts?.(kill) === false) return;
    const values = this.#family.valuesOf(kill);
    this.#add(this.#series, values, 1, row);
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

  #add(to: Map<string, Series>, values: LabelValues, kills: number, row: number): void {
    const key = this.#keyOf(values);
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
    if (otherThan === undefined || this.#series.size <= this.#max) return;
    const [key, least] = this.#series.entries().next().value as [string, Series];
    this.#series.delete(key);
    this.#removed.add(key);
    this.#add(this.#others, otherThan(least.values), least.kills, least.lastRow);
  }

  #keyOf(values: LabelValues): string {
    return labelsOf(this.#family, values);
  }

  #otherKeyOf(values: LabelValues): string | undefined {
    const other = this.#family.otherThan?.(values);
    return other === undefined ? undefined : this.#keyOf(other);
  }
}
