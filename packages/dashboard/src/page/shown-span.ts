import type { KillTable } from './kill-table.js';
import type { Range } from './time-range.js';
import type { TimeSpan } from './timeline.js';

/** A burst of seconds has its own shape: less than this no axis shows. */
const minSpanMs = 10_000;

/** What of time is shown is of: the node, whose time goes on, or a file, which has an end. */
export interface SpanOptions {
  table: KillTable;
  /** undefined: of the node. */
  file: { sinceBoot: boolean } | undefined;
  /** The journal's oldest is known before all of it has been read: the axis does not move while it is. */
  oldestMs: number | undefined;
}

export function spanOf(range: Range, { table, file, oldestMs }: SpanOptions): TimeSpan {
  if (range.kind === 'span') return range;
  const { oldest, newest } = extremesOf(table);
  const toMs = file === undefined ? Date.now() : newest + Math.max(1000, (newest - oldest) / 60);
  if (range.kind === 'last') return { fromMs: toMs - range.ms, toMs };
  const first = Math.min(oldest, file === undefined ? (oldestMs ?? toMs) : toMs);
  const fromMs = Math.min(first - (toMs - first) / 60, toMs - minSpanMs);
  return { fromMs: file?.sinceBoot ? Math.max(0, fromMs) : fromMs, toMs };
}

function extremesOf(table: KillTable): { oldest: number; newest: number } {
  const times = table.numbers('timeMs');
  let [oldest, newest] = [Number.POSITIVE_INFINITY, 0];
  for (let slot = 0; slot < table.length; slot++) {
    const timeMs = times[slot] as number;
    if (timeMs < oldest) oldest = timeMs;
    if (timeMs > newest) newest = timeMs;
  }
  return { oldest, newest };
}
