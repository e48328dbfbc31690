import { formatKiB, type RunUpSeries, runUpWords, seriesOf, span } from '@oomwatcher/explain';
import type { Kill, MemoryRunUp } from '@oomwatcher/oom';
import { el, svg } from './dom.js';
import { type Bars, type Part, runUpBars } from './run-up-bars.js';
import { section } from './section.js';

const width = 1000;
const height = 150;

/** What grew before the kill; false: nobody watched. */
export function runUpSection(kill: Kill): HTMLElement | false {
  const words = runUpWords(kill);
  if (words.length === 0) return false;
  const { limitOwner, cgroup } = kill.runUp ?? {};
  return section(
    'The minutes before',
    'run-up-section',
    el('ul', {}, ...words.map((line) => el('li', {}, `${sentence(line)}.`))),
    figure(limitOwner, kill, 'The cgroup whose limit was hit'),
    figure(cgroup, kill, 'The victim’s cgroup'),
  );
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function figure(run: MemoryRunUp | undefined, kill: Kill, whose: string): HTMLElement | false {
  const series = run && seriesOf(run, kill);
  if (series === undefined) return false;
  const bars = runUpBars(series, kill.victim);
  const limitKiB = series.samples.at(-1)?.limitKiB;
  const limit = limitKiB === undefined ? 'no limit' : `limit ${formatKiB(limitKiB)}`;
  return el(
    'figure',
    { class: 'run-up' },
    el('p', { class: 'muted' }, `${whose}, ${limit}`),
    drawing(bars, `${whose}: memory in the ${span(lengthUs(series))} before, ${limit}`),
    el(
      'p',
      { class: 'run-up-axis muted' },
      el('span', {}, `${span(lengthUs(series))} before`),
      el('span', {}, series.endsWithKill ? 'the kill' : 'the last sample'),
    ),
    el('figcaption', { class: 'muted' }, ...legend(bars)),
  );
}

function lengthUs({ samples, endUs }: RunUpSeries): number {
  return endUs - (samples[0]?.monotonicUs ?? endUs);
}

function drawing({ bars, topKiB }: Bars, label: string): SVGSVGElement {
  const y = (kib: number) => (height * (1 - kib / topKiB)).toFixed(1);
  const x = (share: number) => (width * share).toFixed(1);
  // One path for each colour: some hundred rectangles would be as many elements.
  const paths = new Map<string, string>();
  for (const { from, to, limitKiB, parts } of bars) {
    for (const { of, fromKiB, toKiB } of parts) {
      const path = `M${x(from)} ${y(fromKiB)}H${x(to)}V${y(toKiB)}H${x(from)}z`;
      paths.set(classOf(of), (paths.get(classOf(of)) ?? '') + path);
    }
    if (limitKiB === undefined) continue;
    const begins = paths.has('limit') ? 'L' : 'M';
    paths.set('limit', `${paths.get('limit') ?? ''}${begins}${x(from)} ${y(limitKiB)}H${x(to)}`);
  }
  return svg(
    'svg',
    {
      attributes: {
        viewBox: `0 0 ${width} ${height}`,
        preserveAspectRatio: 'none',
        role: 'img',
        'aria-label': label,
      },
    },
    ...[...paths].map(([name, d]) => svg('path', { class: name, attributes: { d } })),
  );
}

function classOf(of: Part['of']): string {
  return typeof of === 'number' ? `process-${of}` : of;
}

function legend({ processes, bars }: Bars): HTMLElement[] {
  const key = (name: string, text: string) => el('span', { class: `key ${name}` }, text);
  const has = (of: Part['of']) => bars.some(({ parts }) => parts.some((part) => part.of === of));
  return [
    ...processes.map(({ pid, name, isVictim }, i) =>
      key(classOf(i), `${name} ${pid}${isVictim ? ', killed' : ''}`),
    ),
    ...(has('rest') ? [key('rest', 'everything else')] : []),
    ...(has('cache') ? [key('cache', 'page cache')] : []),
  ];
}
