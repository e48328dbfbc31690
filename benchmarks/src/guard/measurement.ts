/** One figure of the guard. `value`: undefined = could not be measured here, for the reason given. */
export type Measurement =
  | { name: string; value: number; detail?: string; skipped?: undefined }
  | { name: string; skipped: string; value?: undefined; detail?: undefined };

/** An entry of limits.json: the figure may not be above `max`, or not below `min`. */
export interface Limit {
  max?: number;
  min?: number;
  /** Counts of instructions are of one compiler's or interpreter's code; with another the entry is not applied. */
  compiler?: string;
  /** What the figure was when the limit was set, and on what. */
  measured: string;
}

export type Limits = Record<string, Limit>;

export interface Verdict {
  name: string;
  outcome: 'kept' | 'broken' | 'skipped';
  text: string;
}

/**
 * @param compilers those that run here
 * @throws when a figure has no limit: a figure that nothing bounds guards nothing.
 */
export function judge(
  measurement: Measurement,
  limits: Limits,
  compilers: readonly string[],
): Verdict {
  const { name } = measurement;
  if (measurement.skipped !== undefined) {
    return { name, outcome: 'skipped', text: measurement.skipped };
  }
  const limit = limits[name];
  if (limit === undefined) throw new Error(`limits.json has no limit for "${name}"`);
  const { max = Number.POSITIVE_INFINITY, min = Number.NEGATIVE_INFINITY } = limit;
  const bound = limit.max === undefined ? `at least ${min}` : `at most ${max}`;
  const value = Number(measurement.value.toPrecision(4));
  const detail = measurement.detail === undefined ? '' : ` (${measurement.detail})`;
  const text = `${value}, ${bound}${detail}`;
  if (limit.compiler !== undefined && !compilers.includes(limit.compiler)) {
    return { name, outcome: 'skipped', text: `${text}: the limit is for ${limit.compiler}` };
  }
  const kept = measurement.value <= max && measurement.value >= min;
  return { name, outcome: kept ? 'kept' : 'broken', text };
}
