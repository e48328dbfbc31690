import { el, fill } from './dom.js';
import { askedFor, type KillTable, type TextColumn } from './kill-table.js';
import { type TopEntry, topOf } from './top.js';
import { count } from './words.js';

const max = 5;

interface Ranking {
  title: string;
  columns: readonly TextColumn[];
  words: (entry: TopEntry) => string;
}

const pods: Ranking = {
  title: 'Pods',
  columns: ['namespace', 'pod'],
  words: ({ values: { namespace, pod } }) =>
    [namespace, pod].filter((part) => part !== undefined).join('/'),
};
const workloads: Ranking = {
  title: 'Workloads',
  columns: ['workload'],
  words: ({ values }) => values.workload ?? '',
};
const limits: Ranking = {
  title: 'Whose limit',
  columns: ['scope'],
  words: ({ values: { scope } }) =>
    scope === askedFor ? 'asked for (sysrq-f)' : scope === 'node' ? 'the node' : `a ${scope}`,
};
const processes: Ranking = {
  title: 'Processes',
  columns: ['name'],
  words: ({ values }) => values.name ?? '',
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
  { title, words }: Ranking,
  entries: readonly TopEntry[],
  onPick: (values: TopEntry['values']) => void,
): HTMLElement {
  const highest = Math.max(1, ...entries.map(({ kills }) => kills));
  return el(
    'div',
    { class: 'panel card' },
    el('h2', {}, title),
    el(
      'ol',
      {},
      ...entries.map((entry) => {
        const name = words(entry);
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
            el('span', { class: 'hidden' }, ' kills: show only these'),
            el('i', { style: { width: `${(entry.kills / highest) * 100}%` } }),
          ),
        );
      }),
    ),
    entries.length === 0 && el('p', { class: 'muted' }, 'none'),
  );
}
