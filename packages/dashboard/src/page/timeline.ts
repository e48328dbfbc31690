import { type Bin, killsIn } from './bins.js';
import { byId, el, fill, setText, svg } from './dom.js';
import { words } from './language/language.js';
import { count, dayOf, tick } from './words.js';

export interface TimeSpan {
  fromMs: number;
  toMs: number;
}

const height = 132;
const axisHeight = 20;
const topSpace = 14;
const plotHeight = height - axisHeight - topSpace;
const minBar = 2;
const minDragPx = 5;
const widestBarPx = 26;

/** Bars of kills over time. Dragging, or Enter on a bar, shows a part; Escape shows all. */
export class Timeline {
  readonly #host: HTMLElement;
  readonly #slider: HTMLElement;
  readonly #caption: HTMLElement;
  readonly #onSpan: (span: TimeSpan | undefined) => void;
  #bins: readonly Bin[] = [];
  #span: TimeSpan = { fromMs: 0, toMs: 1 };
  #cursor: number | undefined;
  #drag: { fromPx: number; toPx: number } | undefined;

  constructor(
    host: HTMLElement,
    caption: HTMLElement,
    onSpan: (span: TimeSpan | undefined) => void,
  ) {
    this.#host = host;
    this.#caption = caption;
    this.#onSpan = onSpan;
    this.#slider = el('div', {
      class: 'plot',
      attributes: { role: 'slider', tabindex: 0 },
      on: {
        keydown: (event) => this.#key(event as KeyboardEvent),
        blur: () => this.#moveTo(undefined),
        pointerdown: (event) => this.#down(event as PointerEvent),
        pointermove: (event) => this.#move(event as PointerEvent),
        pointerup: (event) => this.#up(event as PointerEvent),
        pointerleave: () => this.#leave(),
        pointercancel: () => this.#cancel(),
        dblclick: () => this.#onSpan(undefined),
      },
    });
    host.replaceChildren(this.#slider);
    new ResizeObserver(() => this.#draw()).observe(host);
  }

  show(bins: readonly Bin[], span: TimeSpan): void {
    this.#bins = bins;
    this.#span = span;
    if (this.#cursor !== undefined && this.#cursor >= bins.length) this.#cursor = undefined;
    this.#draw();
  }

  /** How many bars there is room for. */
  get room(): number {
    return Math.max(24, Math.min(120, Math.floor(this.#width / 8)));
  }

  get #width(): number {
    return Math.max(200, this.#host.clientWidth);
  }

  #draw(): void {
    const width = this.#width;
    const most = Math.max(1, ...this.#bins.map(killsIn));
    fill(
      this.#slider,
      svg(
        'svg',
        { attributes: { width, height, viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' } },
        ...this.#grid(width, most),
        ...this.#bins.flatMap((bin, index) => this.#bar(bin, index, most)),
        ...this.#ticks(width),
        this.#brush(),
      ),
    );
    this.#describe();
  }

  #grid(width: number, most: number): SVGElement[] {
    const y = topSpace;
    const isEmpty = this.#bins.every((bin) => killsIn(bin) === 0);
    const base = svg('line', {
      class: 'base',
      attributes: { x1: 0, x2: width, y1: topSpace + plotHeight, y2: topSpace + plotHeight },
    });
    if (isEmpty) return [base];
    return [
      base,
      svg('line', { class: 'most', attributes: { x1: 0, x2: width, y1: y, y2: y } }),
      svg('text', { class: 'scale', attributes: { x: 0, y: y - 4 } }, count(most)),
    ];
  }

  #bar(bin: Bin, index: number, most: number): SVGElement[] {
    const total = killsIn(bin);
    const [left, right] = [this.#x(bin.fromMs), this.#x(bin.toMs)];
    const width = Math.max(1.5, Math.min(widestBarPx, right - left - 1));
    const x = (left + right - width) / 2;
    const bars: SVGElement[] = [];
    if (index === this.#cursor) {
      bars.push(
        svg('rect', {
          class: 'cursor',
          attributes: {
            x: left,
            y: topSpace,
            width: Math.max(2, right - left),
            height: plotHeight,
          },
        }),
      );
    }
    if (total === 0) return bars;
    const whole = Math.max(minBar, (total / most) * plotHeight);
    let bottom = topSpace + plotHeight;
    for (const kind of ['node', 'asked', 'limit'] as const) {
      const size = (bin[kind] / total) * whole;
      if (size === 0) continue;
      bottom -= size;
      bars.push(
        svg('rect', {
          class: `bar ${kind}`,
          attributes: { x, y: bottom, width, height: size, rx: 1 },
        }),
      );
    }
    return bars;
  }

  #ticks(width: number): SVGElement[] {
    const { fromMs, toMs } = this.#span;
    const many = Math.max(2, Math.floor(width / 170));
    return Array.from({ length: many + 1 }, (_, i) => {
      const anchor = i === 0 ? 'start' : i === many ? 'end' : 'middle';
      return svg(
        'text',
        {
          class: 'tick',
          attributes: { x: (width * i) / many, y: height - 4, 'text-anchor': anchor },
        },
        tick(fromMs + ((toMs - fromMs) * i) / many, toMs - fromMs),
      );
    });
  }

  #brush(): SVGElement | undefined {
    if (this.#drag === undefined) return undefined;
    const { fromPx, toPx } = this.#drag;
    return svg('rect', {
      class: 'brush',
      attributes: {
        x: Math.min(fromPx, toPx),
        y: topSpace,
        width: Math.abs(toPx - fromPx),
        height: plotHeight,
      },
    });
  }

  #x(timeMs: number): number {
    const { fromMs, toMs } = this.#span;
    return ((timeMs - fromMs) / (toMs - fromMs)) * this.#width;
  }

  #time(px: number): number {
    const { fromMs, toMs } = this.#span;
    return fromMs + (px / this.#width) * (toMs - fromMs);
  }

  #moveTo(cursor: number | undefined): void {
    if (cursor === this.#cursor) return;
    this.#cursor = cursor;
    this.#draw();
  }

  #describe(): void {
    const { fromMs, toMs } = this.#span;
    const total = this.#bins.reduce((sum, bin) => sum + killsIn(bin), 0);
    const bin = this.#cursor === undefined ? undefined : this.#bins[this.#cursor];
    const said = words().timeline;
    const at = (timeMs: number) => `${dayOf(timeMs)} ${tick(timeMs, 0)}`.trim();
    const text =
      bin === undefined
        ? said.whole(total, at(fromMs), at(toMs))
        : `${said.part(killsIn(bin), at(bin.fromMs), tick(bin.toMs, 0))}${bin.node > 0 ? said.node(bin.node) : ''}${bin.asked > 0 ? said.asked(bin.asked) : ''}`;
    this.#slider.setAttribute('aria-label', said.bar);
    setText(this.#caption, text);
    byId('asked-key').hidden = this.#bins.every(({ asked }) => asked === 0);
    const last = Math.max(0, this.#bins.length - 1);
    this.#slider.setAttribute('aria-valuemin', '0');
    this.#slider.setAttribute('aria-valuemax', String(last));
    this.#slider.setAttribute('aria-valuenow', String(this.#cursor ?? last));
    this.#slider.setAttribute('aria-valuetext', text);
  }

  #key(event: KeyboardEvent): void {
    const last = this.#bins.length - 1;
    const at = this.#cursor ?? last + 1;
    const moves: Record<string, number> = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      Home: 0,
      End: last,
      PageUp: at - 10,
      PageDown: at + 10,
    };
    const target = moves[event.key];
    if (target !== undefined) this.#moveTo(Math.max(0, Math.min(last, target)));
    else if (event.key === 'Enter' && this.#cursor !== undefined) {
      const { fromMs, toMs } = this.#bins[this.#cursor] as Bin;
      this.#onSpan({ fromMs, toMs });
    } else if (event.key === 'Escape') this.#onSpan(undefined);
    else return;
    event.preventDefault();
  }

  #px(event: PointerEvent): number {
    return event.clientX - this.#slider.getBoundingClientRect().left;
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.#slider.setPointerCapture(event.pointerId);
    this.#drag = { fromPx: this.#px(event), toPx: this.#px(event) };
  }

  #move(event: PointerEvent): void {
    if (this.#drag !== undefined) {
      this.#drag.toPx = this.#px(event);
      this.#draw();
      return;
    }
    const timeMs = this.#time(this.#px(event));
    const index = this.#bins.findIndex(({ fromMs, toMs }) => timeMs >= fromMs && timeMs < toMs);
    this.#moveTo(index < 0 ? undefined : index);
  }

  #up(event: PointerEvent): void {
    const drag = this.#drag;
    this.#drag = undefined;
    if (drag === undefined) return;
    const [left, right] = [drag.fromPx, this.#px(event)].sort((a, b) => a - b) as [number, number];
    if (right - left >= minDragPx) {
      this.#onSpan({ fromMs: this.#time(left), toMs: this.#time(right) });
    } else this.#draw();
  }

  #leave(): void {
    if (this.#drag === undefined) this.#moveTo(undefined);
  }

  #cancel(): void {
    this.#drag = undefined;
    this.#draw();
  }
}
