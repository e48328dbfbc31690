import { byId, el, fill } from './dom.js';
import { words } from './language/language.js';
import type { TimeSpan } from './timeline.js';
import { dayMs, hourMs } from './words.js';

/** Which part of time is shown; `last` goes on with the clock. */
export type Range = { kind: 'all' } | { kind: 'last'; ms: number } | ({ kind: 'span' } & TimeSpan);

const ranges = [
  ['hour', { kind: 'last', ms: hourMs }],
  ['day', { kind: 'last', ms: dayMs }],
  ['week', { kind: 'last', ms: 7 * dayMs }],
  ['month', { kind: 'last', ms: 30 * dayMs }],
  ['all', { kind: 'all' }],
] as const satisfies readonly (readonly [string, Range])[];

/** A button for each range; the one that is shown is pressed. */
export function showRanges(shown: Range, choose: (range: Range) => void): void {
  const host = byId('ranges');
  const focused = host.contains(document.activeElement)
    ? document.activeElement?.textContent
    : undefined;
  fill(
    host,
    ...ranges.map(([name, range]) => {
      const [label, spoken] = words().ranges[name];
      return el(
        'button',
        {
          attributes: {
            type: 'button',
            'aria-pressed': String(JSON.stringify(range) === JSON.stringify(shown)),
            'aria-label': words().range(label, spoken),
          },
          on: { click: () => choose(range) },
        },
        label,
      );
    }),
  );
  if (focused) {
    [...host.querySelectorAll('button')].find((b) => b.textContent === focused)?.focus();
  }
}
