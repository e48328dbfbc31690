import { formatKiB, otherPodRows, otherPodsTitle } from '@oomwatcher/explain';
import type { Kill } from '@oomwatcher/oom';
import { el } from './dom.js';
import { words } from './language/language.js';
import { section } from './section.js';
import { shareBar } from './share-bar.js';

/** The node's other pods where its memory ran out; false: they are not known. */
export function podsSection(kill: Kill): HTMLElement | false {
  const { explanation, kill: said, sentence } = words();
  const title = otherPodsTitle(kill, explanation);
  if (title === undefined) return false;
  const rows = otherPodRows(kill, explanation);
  const most = Math.max(1, ...rows.map(({ heldKiB }) => heldKiB));
  return section(
    said.pods,
    'pods-section',
    el('p', { class: 'muted' }, sentence(title)),
    el(
      'ul',
      { class: 'pods' },
      ...rows.map(({ name, heldKiB, about }) =>
        el(
          'li',
          {},
          el('span', { class: 'pod-name' }, name),
          el('span', { class: 'number' }, formatKiB(heldKiB)),
          el(
            'span',
            { class: 'share-bar', attributes: { 'aria-hidden': 'true' } },
            shareBar(heldKiB, most),
          ),
          el('span', { class: 'muted' }, about),
        ),
      ),
    ),
  );
}
