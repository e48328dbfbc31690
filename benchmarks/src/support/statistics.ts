export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Between the two nearest values, as most tools do (R's type 7). `part`: 0 to 1. */
export function quantile(values: readonly number[], part: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const below = sorted[Math.floor(at)] as number;
  const above = sorted[Math.ceil(at)] as number;
  return below + (above - below) * (at - Math.floor(at));
}

export interface Interval {
  low: number;
  median: number;
  high: number;
}

/**
 * The median and its 95 % confidence interval, by ranks: nothing is assumed of how the values are spread. A shared
 * machine's times are spread in no way that has a name.
 */
export function medianInterval(values: readonly number[]): Interval {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = Math.max(0, Math.floor((sorted.length - 1.96 * Math.sqrt(sorted.length)) / 2));
  return {
    low: sorted[rank] as number,
    median: median(sorted),
    high: sorted[sorted.length - 1 - rank] as number,
  };
}
