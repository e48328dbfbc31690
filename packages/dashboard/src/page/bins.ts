import { askedFor, type KillTable } from './kill-table.js';

/** One bar of the timeline. */
export interface Bin {
  fromMs: number;
  toMs: number;
  /** Kills because a limit was hit, because the node had no memory left, and because somebody asked for them. */
  limit: number;
  node: number;
  asked: number;
}

export function killsIn({ limit, node, asked }: Bin): number {
  return limit + node + asked;
}

const nice = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
  172_800, 604_800, 1_209_600, 2_592_000, 7_776_000, 31_536_000,
];

/** The span divided into bars of a round length, at most `most` of them. */
export function binsOf(fromMs: number, toMs: number, max: number): Bin[] {
  const seconds = Math.max(1, (toMs - fromMs) / 1000);
  const step =
    1000 * (nice.find((length) => seconds / length <= max - 1) ?? Math.ceil(seconds / max));
  const offset = new Date(toMs).getTimezoneOffset() * 60_000;
  const first = Math.floor((fromMs - offset) / step) * step + offset;
  const bins: Bin[] = [];
  for (let start = first; start < toMs; start += step) {
    bins.push({ fromMs: start, toMs: start + step, limit: 0, node: 0, asked: 0 });
  }
  return bins;
}

/** Counts the slots into the bars. */
export function countInto(bins: readonly Bin[], table: KillTable, slots: Uint32Array): void {
  const first = bins[0];
  if (first === undefined) return;
  const step = first.toMs - first.fromMs;
  const times = table.numbers('timeMs');
  const scopes = table.ids('scope');
  const node = table.texts.indexOf('node');
  const asked = table.texts.indexOf(askedFor);
  for (const slot of slots) {
    const bin = bins[Math.floor(((times[slot] as number) - first.fromMs) / step)];
    if (bin === undefined) continue;
    const scope = scopes[slot] as number;
    if (scope >= 0 && scope === node) bin.node++;
    else if (scope >= 0 && scope === asked) bin.asked++;
    else bin.limit++;
  }
}
