import { byId, el, fill } from './dom.js';
import type { TimeSpan } from './timeline.js';
import { dayMs, hourMs } from './words.js';

/** Which part of time is shown; `last` goes on with the clock. */
export type Range = { kind: 'all' } | { kind: 'last'; ms: number } | ({ kind: 'span' } & TimeSpan);

const ranges: readonly [label: string, spoken: string, range: Range][] = [
  ['1 h', 'the last hour', { kind: 'last', ms: hourMs }],
  ['24 h', 'the last 24 hours', { kind: 'last', ms: dayMs }],
  ['7 d', 'the last 7 days', { kind: 'last', ms: 7 * dayMs }],
  ['30 d', 'the last 30 days', { kind: 'last', ms: 30 * dayMs }],
  ['All', 'all of it', { kind: 'all' }],
];

/** A button for each range; the one that is shown is pressed. */
export function showRanges(shown: Range, choose: (range: Range) => void): void {
  const host = byId('ranges');
  const focused = host.contains(document.activeElement)
    ? document.activeElement?.textContent
    : undefined;
  fill(
    host,
    ...ranges.map(([label, spoken, range]) =>
      el(
        'button',
        {
          attributes: {
            type: 'button',
            'aria-pressed': String(JSON.stringify(range) === JSON.stringify(shown)),
            'aria-label': `${label}: ${spoken}`,
          },
          on: { click: () => choose(range) },
        },
        label,
      ),
    ),
  );
  if (focused) {
    [...host.querySelectorAll('button')].find((b) => b.textContent === focused)?.focus();
  }
}
