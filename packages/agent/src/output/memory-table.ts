import type { CgroupMemory } from '@oomwatcher/dashboard';
import {
  cellsOf,
  cgroupName,
  english,
  formatKiB,
  printable,
  type Style,
} from '@oomwatcher/explain';
import { cutBefore, fitted } from './columns.js';

/** What the lines are sorted by, most urgent first. */
export const orders = ['left', 'used', 'growth', 'kills'] as const;
export type Order = (typeof orders)[number];

interface Column {
  title: string;
  text: (cgroup: CgroupMemory) => string;
}

const used: Column = {
  title: 'USED/LIMIT',
  text: ({ usageKiB, limitKiB }) => `${formatKiB(usageKiB)}/${formatKiB(limitKiB)}`,
};
const share: Column = {
  title: 'USED',
  text: ({ usageKiB, limitKiB }) => percent(usageKiB, limitKiB),
};
const working: Column = {
  title: 'HELD',
  text: ({ workingSetKiB, limitKiB }) => percent(workingSetKiB, limitKiB),
};
const growth: Column = {
  title: 'GROWTH',
  text: ({ growthKiBPerS: rate }) =>
    rate === undefined
      ? ''
      : rate === 0
        ? '0'
        : `${rate < 0 ? '-' : '+'}${formatKiB(Math.abs(rate))}/s`,
};
const left: Column = {
  title: 'LIMIT IN',
  text: ({ secondsToLimit: seconds }) =>
    seconds === undefined ? '' : english.runUp.span(seconds * 1e6),
};
const kills: Column = { title: 'KILLS', text: ({ killsToday }) => String(killsToday ?? '') };

/** From the most that is told to the least. */
const layouts: readonly (readonly Column[])[] = [
  [used, share, working, growth, left, kills],
  [share, working, growth, left, kills],
  [share, left, kills],
  [share, left],
];
const minPlace = 16;
const gap = 2;

/**
 * Cgroups as lines of a table, none longer than `width`: how full, without page cache (HELD), how it grows, when its limit is
 * reached, how many were killed today, which.
 *
 * @param width cells; undefined: nothing is cut
 */
export function memoryTable(
  cgroups: readonly CgroupMemory[],
  width: number | undefined,
  style: Style,
): string[] {
  const layout = layouts
    .map((columns) => ({ columns, widths: columns.map((column) => widthOf(column, cgroups)) }))
    .find(({ widths }, i) => {
      return width === undefined || i === layouts.length - 1 || total(widths) + minPlace <= width;
    }) as { columns: readonly Column[]; widths: number[] };
  const { columns, widths } = layout;
  const room = width === undefined ? Number.POSITIVE_INFINITY : Math.max(0, width - total(widths));
  const line = (cells: string[], place: string) =>
    cutToLine([...cells.map((cell, i) => cell.padStart(widths[i] ?? 0)), place].join('  '), width);
  return [
    style(
      'dim',
      line(
        columns.map(({ title }) => title),
        'CGROUP',
      ),
    ),
    ...cgroups.map((cgroup) => {
      const place = cutBefore(printable(cgroupName(cgroup)), room);
      const text = line(
        columns.map((column) => column.text(cgroup)),
        place,
      );
      const color = colorOf(cgroup);
      return color === undefined ? text : style(color, text);
    }),
  ];
}

/** Most urgent first. */
export function sorted(cgroups: readonly CgroupMemory[], order: Order): CgroupMemory[] {
  const held = ({ workingSetKiB, usageKiB, limitKiB }: CgroupMemory) =>
    (workingSetKiB ?? usageKiB) / Math.max(1, limitKiB);
  const rank: Record<Order, (cgroup: CgroupMemory) => number> = {
    left: ({ secondsToLimit }) => -(secondsToLimit ?? Number.MAX_VALUE),
    used: ({ usageKiB, limitKiB }) => usageKiB / Math.max(1, limitKiB),
    growth: ({ growthKiBPerS }) => growthKiBPerS ?? Number.MIN_SAFE_INTEGER,
    kills: ({ killsToday }) => killsToday ?? 0,
  };
  return cgroups.toSorted((a, b) => rank[order](b) - rank[order](a) || held(b) - held(a));
}

const soonS = 300;
const nearShare = 0.9;

function colorOf({ secondsToLimit, workingSetKiB = 0, limitKiB }: CgroupMemory) {
  if (secondsToLimit !== undefined && secondsToLimit < soonS) return 'red';
  return workingSetKiB > limitKiB * nearShare ? 'yellow' : undefined;
}

function cutToLine(line: string, width: number | undefined): string {
  return width === undefined || cellsOf(line) <= width ? line : fitted(line, width);
}

function widthOf({ title, text }: Column, cgroups: readonly CgroupMemory[]): number {
  return Math.max(title.length, ...cgroups.map((cgroup) => cellsOf(text(cgroup))));
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + gap, 0);
}

function percent(kib: number | undefined, limitKiB: number): string {
  if (kib === undefined || limitKiB === 0) return '';
  return `${Math.round((kib / limitKiB) * 100)} %`;
}
