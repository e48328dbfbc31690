import { formatKiB, type RunUpSeries, runUpWords, seriesOf } from '@oomwatcher/explain';
import type { Kill, MemoryRunUp } from '@oomwatcher/oom';
import { el, svg } from './dom.js';
import { words } from './language/language.js';
import { type Bars, type Part, runUpBars } from './run-up-bars.js';
import { section } from './section.js';

const width = 1000;
const height = 150;

/** What grew before the kill; false: nobody watched. */
export function runUpSection(kill: Kill): HTMLElement | false {
  const lines = runUpWords(kill, words().explanation);
  if (lines.length === 0) return false;
  const said = words().runUp;
  const { limitOwner, cgroup } = kill.runUp ?? {};
  return section(
    said.title,
    'run-up-section',
    el('ul', {}, ...lines.map((line) => el('li', {}, words().sentence(line)))),
    figure(limitOwner, kill, said.limitOwner),
    figure(cgroup, kill, said.cgroup),
  );
}

function figure(run: MemoryRunUp | undefined, kill: Kill, whose: string): HTMLElement | false {
  const series = run && seriesOf(run, kill);
  if (series === undefined) return false;
  const bars = runUpBars(series, kill.victim);
  const limitKiB = series.samples.at(-1)?.limitKiB;
  const said = words().runUp;
  const limit = said.limit(limitKiB === undefined ? undefined : formatKiB(limitKiB));
  const length = words().explanation.runUp.span(lengthUs(series));
  return el(
    'figure',
    { class: 'run-up' },
    el('p', { class: 'muted' }, said.whose(whose, limit)),
    drawing(bars, said.drawing(whose, length, limit)),
    el(
      'p',
      { class: 'run-up-axis muted' },
      el('span', {}, said.before(length)),
      el('span', {}, series.endsWithKill ? said.kill : said.lastSample),
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
  const said = words().runUp;
  const key = (name: string, text: string) => el('span', { class: `key ${name}` }, text);
  const has = (of: Part['of']) => bars.some(({ parts }) => parts.some((part) => part.of === of));
  return [
    ...processes.map(({ pid, name, isVictim }, i) =>
      key(classOf(i), said.process(name, pid, isVictim)),
    ),
    ...(has('rest') ? [key('rest', said.rest)] : []),
    ...(has('cache') ? [key('cache', said.cache)] : []),
  ];
}
