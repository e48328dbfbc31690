import { formatKiB } from '@oomwatcher/explain';
import { byId, el, fill, setText } from './dom.js';
import { askedFor, type KillTable } from './kill-table.js';
import { words } from './language/language.js';
import { count, moment } from './words.js';

const beyond = 6;
/** Rows on paper. */
const maxPrinted = 1000;

/** A hundred thousand rows of which only those in sight exist. */
export class KillList {
  readonly #host: HTMLElement;
  readonly #space: HTMLElement;
  readonly #empty: HTMLElement;
  readonly #onOpen: (slot: number) => void;
  #table: KillTable | undefined;
  #slots: Uint32Array = new Uint32Array();
  #rowHeight = 0;
  #active: number | undefined;
  #drawn = '';
  #isPrinted = false;

  constructor(host: HTMLElement, onOpen: (slot: number) => void) {
    this.#host = host;
    this.#onOpen = onOpen;
    this.#space = el('div', { class: 'space', attributes: { role: 'presentation' } });
    this.#empty = el('div', { class: 'empty', attributes: { hidden: true } });
    for (const [name, value] of Object.entries({
      role: 'listbox',
      tabindex: '0',
    })) {
      host.setAttribute(name, value);
    }
    host.append(this.#space);
    host.after(this.#empty);
    host.addEventListener('scroll', () => this.#draw(), { passive: true });
    host.addEventListener('keydown', (event) => this.#key(event));
    host.addEventListener('click', (event) => this.#click(event));
    new ResizeObserver(() => this.#measure()).observe(host);
  }

  /** @param slots newest first */
  show(table: KillTable, slots: Uint32Array, whenEmpty: () => Node[]): void {
    const before = this.#table === table ? this.#slots : new Uint32Array();
    const activeSlot = this.#active === undefined ? undefined : before[this.#active];
    this.#table = table;
    this.#slots = slots;
    const moved = slots.length > 0 && before[0] !== undefined ? slots.indexOf(before[0]) : -1;
    if (activeSlot !== undefined) {
      const at = slots.indexOf(activeSlot);
      this.#active = at < 0 ? undefined : at;
    }
    const isEmpty = slots.length === 0;
    this.#host.hidden = isEmpty;
    this.#empty.hidden = !isEmpty;
    if (isEmpty) fill(this.#empty, ...whenEmpty());
    this.#notePrinted();
    this.#drawn = '';
    this.#measure();
    // New rows come above: what is being read stays where it is.
    if (moved > 0 && this.#host.scrollTop > 0) this.#host.scrollTop += moved * this.#rowHeight;
    this.#draw();
  }

  /** Goes to the top: another question has another answer. */
  toTop(): void {
    this.#host.scrollTop = 0;
    this.#active = undefined;
  }

  /** On paper nothing scrolls: all rows are there, as many as anybody reads. */
  print(isPrinted: boolean): void {
    this.#isPrinted = isPrinted;
    this.#measure();
  }

  #notePrinted(): void {
    const note = byId('printed');
    const { length } = this.#slots;
    note.hidden = length <= maxPrinted;
    setText(note, words().list.printed(maxPrinted, length));
  }

  focus(): void {
    this.#host.focus({ preventScroll: true });
  }

  #measure(): void {
    const height = Number.parseInt(getComputedStyle(this.#host).getPropertyValue('--row'), 10);
    if (height !== this.#rowHeight) this.#drawn = '';
    this.#rowHeight = height;
    const rows = this.#isPrinted ? Math.min(maxPrinted, this.#slots.length) : this.#slots.length;
    this.#space.style.height = `${rows * height}px`;
    this.#draw();
  }

  #draw(): void {
    const { scrollTop, clientHeight } = this.#host;
    const first = this.#isPrinted
      ? 0
      : Math.max(0, Math.floor(scrollTop / this.#rowHeight) - beyond);
    const last = Math.min(
      this.#slots.length,
      this.#isPrinted
        ? maxPrinted
        : Math.ceil((scrollTop + clientHeight) / this.#rowHeight) + beyond,
    );
    const wanted = `${first} ${last} ${this.#active}`;
    if (wanted === this.#drawn) return;
    this.#drawn = wanted;
    const rows: HTMLElement[] = [];
    for (let at = first; at < last; at++) rows.push(this.#row(at));
    this.#space.replaceChildren(...rows);
    if (this.#active === undefined) this.#host.removeAttribute('aria-activedescendant');
    else this.#host.setAttribute('aria-activedescendant', `kill-${this.#active}`);
  }

  #row(at: number): HTMLElement {
    const table = this.#table as KillTable;
    const slot = this.#slots[at] as number;
    const name = table.text('name', slot);
    const pid = table.number('pid', slot);
    const isActive = at === this.#active;
    return el(
      'div',
      {
        class: `row${isActive ? ' active' : ''}`,
        attributes: {
          id: `kill-${at}`,
          role: 'option',
          'aria-selected': String(isActive),
          'aria-setsize': this.#slots.length,
          'aria-posinset': at + 1,
          'data-at': at,
        },
        style: { transform: `translateY(${at * this.#rowHeight}px)` },
      },
      el('span', { class: 'time' }, moment(table.number('timeMs', slot) ?? 0)),
      el(
        'span',
        { class: 'who' },
        el('b', {}, name ?? words().list.lostVictim),
        pid !== undefined && el('span', { class: 'pid' }, ` ${pid}`),
      ),
      el('span', { class: 'where' }, ...placeOf(table, slot)),
      limitOf(table, slot),
    );
  }

  #key(event: KeyboardEvent): void {
    const last = this.#slots.length - 1;
    const page = Math.max(1, Math.floor(this.#host.clientHeight / this.#rowHeight) - 1);
    const at = this.#active ?? -1;
    const moves: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: last,
    };
    const target = moves[event.key];
    if (target !== undefined) this.#activate(Math.max(0, Math.min(last, target)));
    else if ((event.key === 'Enter' || event.key === ' ') && this.#active !== undefined) {
      this.#onOpen(this.#slots[this.#active] as number);
    } else return;
    event.preventDefault();
  }

  #activate(at: number): void {
    this.#active = at;
    const top = at * this.#rowHeight;
    const { scrollTop, clientHeight } = this.#host;
    if (top < scrollTop) this.#host.scrollTop = top;
    else if (top + this.#rowHeight > scrollTop + clientHeight) {
      this.#host.scrollTop = top + this.#rowHeight - clientHeight;
    }
    this.#draw();
  }

  #click(event: Event): void {
    const row = (event.target as Element).closest<HTMLElement>('.row');
    if (row === null) return;
    this.#active = Number(row.dataset.at);
    this.#onOpen(this.#slots[this.#active] as number);
  }
}

/** `120 of 1,204`; @param isPart the journal has not been read to its end yet */
export function countText(shown: number, all: number, isPart: boolean): string {
  const { part, soFar } = words().list;
  const text = shown === all ? count(all) : part(shown, all);
  return isPart ? soFar(text) : text;
}

function placeOf(table: KillTable, slot: number): (Node | string)[] {
  const pod = table.text('pod', slot);
  const namespace = table.text('namespace', slot);
  const container = table.text('container', slot);
  if (pod !== undefined) {
    const whole = [namespace, pod].filter((part) => part !== undefined).join('/');
    return [el('span', { class: 'pod' }, whole), el('span', { class: 'in' }, shortId(container))];
  }
  if (container !== undefined && !isId(container)) {
    return [el('span', { class: 'pod' }, container), el('span', { class: 'in' }, 'container')];
  }
  const cgroup = table.text('cgroup', slot);
  if (cgroup === undefined) {
    return [el('span', { class: 'unknown' }, words().list.unknownCgroup)];
  }
  // The end of a path says more than its beginning.
  const cut = cgroup.lastIndexOf('/', cgroup.length - 2);
  return [
    el('span', { class: 'pod' }, cgroup.slice(cut + 1) || '/'),
    el('span', { class: 'in' }, cut > 0 ? cgroup.slice(0, cut) : ''),
  ];
}

function shortId(container: string | undefined): string {
  if (container === undefined) return '';
  return isId(container) ? container.slice(0, 12) : container;
}

function isId(container: string): boolean {
  return /^[0-9a-f]{64}$/.test(container);
}

/** Whose limit, and how much it was: what was used of it is, in an OOM kill, all of it. */
function limitOf(table: KillTable, slot: number): HTMLElement {
  const said = words().list;
  const scope = table.text('scope', slot);
  if (scope === 'node') return el('span', { class: 'limit node' }, said.nodeLimit);
  if (scope === askedFor) return el('span', { class: 'limit' }, words().page.askedKey);
  const limit = table.number('limitKiB', slot);
  return el(
    'span',
    { class: 'limit' },
    scope === undefined ? said.unknownLimit : said.scope(scope),
    limit !== undefined && el('b', {}, ` ${formatKiB(limit)}`),
  );
}
