import type { Style } from '@oomwatcher/explain';
import { cellsOf, formatKiB, printable } from '@oomwatcher/explain';
import type { JournalledKill } from '@oomwatcher/journal';
import type { Kill } from '@oomwatcher/oom';
import { cutBefore, cutTo, fitted } from './columns.js';

interface Column {
  title: string;
  /** How wide it may get, cells. */
  max: number;
  text: (kill: JournalledKill) => string;
  style?: Parameters<Style>[0];
}

/** A comm has 15 bytes, a pid seven digits; a byte that is no character is shown as four. */
const maxName = 20;
const gap = 2;
/** What the place needs to say something. */
const minPlace = 12;

const id: Column = { title: 'ID', max: 12, text: ({ row }) => String(row), style: 'cyan' };
const pid: Column = { title: 'PID', max: 7, text: ({ kill }) => String(kill.victim?.pid ?? '') };
const name: Column = {
  title: 'PROCESS',
  max: maxName,
  text: ({ kill }) => who(kill),
  style: 'bold',
};
const used: Column = { title: 'USED/LIMIT', max: 24, text: ({ kill }) => usage(kill) };
const fullTime: Column = { title: 'TIME', max: 20, text: (kill) => when(kill, 0) };
const shortTime: Column = { title: 'TIME', max: 15, text: (kill) => when(kill, 5) };

/** From the most that is told to the least. */
const layouts: readonly (readonly Column[])[] = [
  [id, fullTime, name, pid, used],
  [id, shortTime, name, used],
  [id, shortTime, name],
];

/**
 * Kills as lines of a table, no line longer than `width`: which, when, who, how much, where. The short id is the row of the
 * journal, which is never used again.
 */
export class HistoryTable {
  readonly #columns: readonly Column[];
  readonly #widths: readonly number[];
  readonly #placeCells: number;
  readonly #style: Style;

  /**
   * @param sample the first kills: columns are as wide as these need, and later ones are cut to that
   * @param width cells of a terminal; undefined: nothing is cut
   */
  constructor(sample: readonly JournalledKill[], width: number | undefined, style: Style) {
    this.#style = style;
    const layout = layouts
      .map((columns) => ({ columns, widths: columns.map((column) => widthOf(column, sample)) }))
      .find(({ widths }, index) => {
        if (width === undefined || index === layouts.length - 1) return true;
        const wanted = index === 0 ? placeWidth(sample) : minPlace;
        return total(widths) + Math.max(minPlace, Math.min(wanted, 32)) <= width;
      });
    const { columns, widths } = layout as { columns: Column[]; widths: number[] };
    const over = total(widths) - (width ?? Number.POSITIVE_INFINITY);
    // On the narrowest of terminals.
    if (over > 0) widths.push(Math.max(0, (widths.pop() ?? 0) - over));
    this.#columns = columns;
    this.#widths = widths;
    this.#placeCells =
      width === undefined ? Number.POSITIVE_INFINITY : Math.max(0, width - total(widths));
  }

  get header(): string {
    const titles = this.#columns.map(({ title }, i) => fitted(title, this.#widths[i] as number));
    return this.#style('dim', [...titles, cutTo('WHERE', this.#placeCells)].join('  ').trimEnd());
  }

  line(journalled: JournalledKill): string {
    const cells = this.#columns.map(({ text, style }, i) => {
      const cell = fitted(text(journalled), this.#widths[i] as number);
      return style === undefined
        ? cell
        : this.#style(style, cell.trimEnd()) + cell.slice(cell.trimEnd().length);
    });
    return [...cells, placeIn(journalled.kill, this.#placeCells)].join('  ').trimEnd();
  }
}

function widthOf({ title, max, text }: Column, sample: readonly JournalledKill[]): number {
  return Math.min(max, Math.max(title.length, ...sample.map((kill) => cellsOf(text(kill)))));
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + gap, 0);
}

function placeWidth(sample: readonly JournalledKill[]): number {
  return Math.max(0, ...sample.map(({ kill }) => cellsOf(placeIn(kill, Number.POSITIVE_INFINITY))));
}

/** Local time. Of a kill whose time nobody knows, when it was recorded: it happened before. */
function when({ kill: { time }, recordedMs }: JournalledKill, from: number): string {
  const date = new Date(time ?? recordedMs);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${time === undefined ? '<' : ''}${`${day} ${clock}`.slice(from)}`;
}

function who({ victim }: Kill): string {
  return victim === undefined ? '(its line lost)' : printable(victim.name);
}

function usage({ memory, scope, trigger }: Kill): string {
  if (trigger?.manual) return 'asked for';
  if (memory?.usageKiB === undefined) return scope === 'node' ? 'node out of memory' : '';
  const used = formatKiB(memory.usageKiB);
  if (memory.limitKiB === undefined) return used;
  const limit = formatKiB(memory.limitKiB);
  const [value, unit] = used.split(' ');
  return limit.endsWith(` ${unit}`) ? `${value}/${limit}` : `${used}/${limit}`;
}

function placeIn({ pod, cgroup, group }: Kill, cells: number): string {
  if (pod?.namespace !== undefined && pod.name !== undefined) {
    const container = pod.container === undefined ? '' : ` ${printable(pod.container)}`;
    return cutTo(`${printable(pod.namespace)}/${printable(pod.name)}${container}`, cells);
  }
  return cutBefore(printable(cgroup?.victim ?? group?.cgroup ?? 'in an unknown cgroup'), cells);
}
