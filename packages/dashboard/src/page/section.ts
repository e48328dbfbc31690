import { el } from './dom.js';

/** A part of the explanation under its heading. */
export function section(
  name: string,
  className: string,
  ...children: (Node | false | undefined)[]
): HTMLElement {
  const id = `${className}-title`;
  return el(
    'section',
    { class: `panel ${className}`, attributes: { 'aria-labelledby': id } },
    el('h3', { attributes: { id } }, name),
    ...children,
  );
}
