import { el, fill } from './dom.js';
import { askedFor, type KillTable, type TextColumn } from './kill-table.js';
import { words } from './language/language.js';
import { type TopEntry, topOf } from './top.js';
import { count } from './words.js';

const max = 5;

interface Ranking {
  title: 'pods' | 'workloads' | 'limits' | 'processes';
  columns: readonly TextColumn[];
  nameOf: (entry: TopEntry) => string;
}

const pods: Ranking = {
  title: 'pods',
  columns: ['namespace', 'pod'],
  nameOf: ({ values: { namespace, pod } }) =>
    [namespace, pod].filter((part) => part !== undefined).join('/'),
};
const workloads: Ranking = {
  title: 'workloads',
  columns: ['workload'],
  nameOf: ({ values }) => values.workload ?? '',
};
const limits: Ranking = {
  title: 'limits',
  columns: ['scope'],
  nameOf: ({ values: { scope } }) =>
    scope === askedFor ? words().page.askedKey : words().victims.scope(scope ?? ''),
};
const processes: Ranking = {
  title: 'processes',
  columns: ['name'],
  nameOf: ({ values }) => values.name ?? '',
};

/** Who is killed most. A click shows only theirs. */
export function showVictims(
  host: HTMLElement,
  table: KillTable,
  slots: Uint32Array,
  onPick: (values: TopEntry['values']) => void,
): void {
  // Where nothing has pods, whose limits they were takes their place.
  const rankings = [
    { ranking: workloads, entries: topOf(table, slots, workloads.columns, max) },
    choose(table, slots, pods, limits),
    { ranking: processes, entries: topOf(table, slots, processes.columns, max) },
  ];
  const focused = focusedLabel(host);
  fill(host, ...rankings.map(({ ranking, entries }) => card(ranking, entries, onPick)));
  if (focused !== undefined) {
    [...host.querySelectorAll('button')].find((button) => button.textContent === focused)?.focus();
  }
}

function focusedLabel(host: HTMLElement): string | undefined {
  const { activeElement } = document;
  return host.contains(activeElement) ? (activeElement?.textContent ?? undefined) : undefined;
}

function choose(table: KillTable, slots: Uint32Array, first: Ranking, second: Ranking) {
  const entries = topOf(table, slots, first.columns, max);
  return entries.length > 0
    ? { ranking: first, entries }
    : { ranking: second, entries: topOf(table, slots, second.columns, max) };
}

function card(
  { title, nameOf }: Ranking,
  entries: readonly TopEntry[],
  onPick: (values: TopEntry['values']) => void,
): HTMLElement {
  const said = words().victims;
  const highest = Math.max(1, ...entries.map(({ kills }) => kills));
  return el(
    'div',
    { class: 'panel card' },
    el('h2', {}, said[title]),
    el(
      'ol',
      {},
      ...entries.map((entry) => {
        const name = nameOf(entry);
        return el(
          'li',
          {},
          el(
            'button',
            {
              class: 'top',
              attributes: {
                type: 'button',
                title: name,
              },
              on: { click: () => onPick(entry.values) },
            },
            el('span', { class: 'top-name' }, name),
            el('span', { class: 'top-count' }, ` ${count(entry.kills)}`),
            el('span', { class: 'hidden' }, said.onlyThese),
            el('i', { style: { width: `${(entry.kills / highest) * 100}%` } }),
          ),
        );
      }),
    ),
    entries.length === 0 && el('p', { class: 'muted' }, said.none),
  );
}
