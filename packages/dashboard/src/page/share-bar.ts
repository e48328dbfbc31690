import { el } from './dom.js';

/** The filled part of a bar, beside others of which the longest is `most`; a little is seen of the smallest. */
export function shareBar(kib: number, most: number): HTMLElement {
  return el('i', { style: { width: `${Math.max(0.5, (kib / most) * 100)}%` } });
}
