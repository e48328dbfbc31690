import { byId, el, fill } from './dom.js';
import type { TextColumn } from './kill-table.js';
import { words } from './language/language.js';
import type { Selection } from './selection.js';

/** A button for each filter, which takes it away. */
export function showChips(equals: Selection['equals'], remove: (column: TextColumn) => void): void {
  const { columns, removeFilter } = words().list;
  const chips = Object.entries(equals).map(([name, value]) => {
    const column = name as TextColumn;
    return el(
      'button',
      {
        class: 'chip',
        attributes: { type: 'button', 'aria-label': removeFilter(columns[column], value) },
        on: { click: () => remove(column) },
      },
      el('span', { class: 'muted' }, `${columns[column]} `),
      value,
      el('span', { class: 'x', attributes: { 'aria-hidden': 'true' } }, ' ×'),
    );
  });
  fill(byId('chips'), ...chips);
}
