import type { Kill, MemoryRunUp } from '@oomwatcher/oom';
import { cellsOf } from './cells.js';
import { english, type Words } from './english.js';
import { seriesOf } from './run-up-series.js';
import { formatLimit } from './sizes.js';

const blocks = '▁▂▃▄▅▆▇';
/** At the limit: from this share of it on. */
const full = '█';
const fullShare = 0.98;
/** A piece of time in which nobody looked. */
const gap = '·';
const minCells = 8;
const maxCells = 40;

/**
 * The usage before a kill as one line: `▁▂··▄▅▆█ of 256 MiB, 80 s`. A full block is the limit, or where there is none the most
 * that was used. A piece of time has the most that was seen in it; where nobody looked there is a gap.
 *
 * @param width of a terminal's line that it may take, cells
 */
export function curve(
  run: MemoryRunUp,
  kill: Kill,
  width: number,
  { runUp }: Words = english,
): string | undefined {
  const series = seriesOf(run, kill);
  const first = series?.samples[0];
  if (series === undefined || first === undefined) return undefined;
  const { samples, endUs, endsWithKill } = series;
  const limitKiB = samples.at(-1)?.limitKiB;
  const highestKiB = Math.max(1, limitKiB ?? 0, ...samples.map(({ limitKiB: its = 0 }) => its));
  const scaleKiB =
    highestKiB > 1 ? highestKiB : Math.max(1, ...samples.map(({ usageKiB }) => usageKiB));
  const us = endUs - first.monotonicUs;
  const scale = runUp.scale(formatLimit(scaleKiB), highestKiB > 1, us, endsWithKill);
  const wanted = Math.min(maxCells, Math.max(minCells, samples.length));
  const cells = Math.max(minCells, Math.min(wanted, width - cellsOf(scale)));
  const most: (number | undefined)[] = Array.from({ length: cells }, () => undefined);
  for (const { monotonicUs, usageKiB } of samples) {
    const share = us === 0 ? 1 : (monotonicUs - first.monotonicUs) / us;
    const cell = Math.min(cells - 1, Math.floor(share * cells));
    most[cell] = Math.max(most[cell] ?? 0, usageKiB);
  }
  return `${most.map((kib) => (kib === undefined ? gap : block(kib / scaleKiB))).join('')}${scale}`;
}

function block(share: number): string {
  if (share >= fullShare) return full;
  return blocks.charAt(
    Math.min(blocks.length - 1, Math.floor((share / fullShare) * blocks.length)),
  );
}
