import { byId, el, fill } from './dom.js';
import type { TextColumn } from './kill-table.js';
import type { Selection } from './selection.js';

/** A button for each filter, which takes it away. */
export function showChips(equals: Selection['equals'], remove: (column: TextColumn) => void): void {
  const chips = Object.entries(equals).map(([column, value]) =>
    el(
      'button',
      {
        class: 'chip',
        attributes: { type: 'button', 'aria-label': `Remove the filter ${column} ${value}` },
        on: { click: () => remove(column as TextColumn) },
      },
      el('span', { class: 'muted' }, `${column} `),
      value,
      el('span', { class: 'x', attributes: { 'aria-hidden': 'true' } }, ' ×'),
    ),
  );
  fill(byId('chips'), ...chips);
}
