import { printable } from '@oomwatcher/explain';

type Child = Node | string | number | undefined | false;

interface Properties {
  class?: string;
  on?: Record<string, (event: Event) => void>;
  attributes?: Record<string, string | number | boolean | undefined>;
  /** Custom properties and sizes, set through the object model: the page's policy allows no style attribute. */
  style?: Record<string, string>;
}

/**
 * An element. Every text is made printable and set as text: names are chosen by whoever was killed, and nothing on this
 * page is ever parsed as HTML.
 */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  apply(element, properties);
  fill(element, ...children);
  return element;
}

const svgNamespace = 'http://www.w3.org/2000/svg';

export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  properties: Properties = {},
  ...children: Child[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS(svgNamespace, tag);
  apply(element, properties);
  fill(element, ...children);
  return element;
}

/** Replaces what is inside. */
export function fill(parent: Element, ...children: Child[]): void {
  const nodes = children
    .filter((child) => child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : printable(String(child))));
  parent.replaceChildren(...nodes);
}

/** Sets a text only when it changes: a live region repeats what is set. */
export function setText(element: Element, text: string): void {
  const shown = printable(text);
  if (element.textContent !== shown) element.textContent = shown;
}

export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

function apply(element: HTMLElement | SVGElement, properties: Properties): void {
  const { class: classes, on = {}, attributes = {}, style = {} } = properties;
  if (classes !== undefined) element.setAttribute('class', classes);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? '' : printable(String(value)));
  }
  for (const [name, value] of Object.entries(style)) element.style.setProperty(name, value);
  for (const [name, listener] of Object.entries(on)) element.addEventListener(name, listener);
}
