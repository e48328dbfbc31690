import { formatKiB, muchTmpfsKiB } from '@oomwatcher/explain';
import type { Kill, TaskRow } from '@oomwatcher/oom';
import { el } from './dom.js';
import { words } from './language/language.js';
import { section } from './section.js';
import { shareBar } from './share-bar.js';

/** The biggest processes of the kernel's table; false: it has none. */
export function tasksSection(kill: Kill): HTMLElement | false {
  const { tasks = [], victim } = kill;
  if (tasks.length === 0) return false;
  const tmpfsKiB = muchTmpfsKiB(kill) ?? 0;
  const most = Math.max(1, tmpfsKiB, ...tasks.map(({ rssKiB }) => rssKiB));
  const rows = tasks.map((task) => taskRow(task, most, victim?.pid));
  if (tmpfsKiB > 0) {
    const bigger = tasks.filter(({ rssKiB }) => rssKiB >= tmpfsKiB).length;
    rows.splice(bigger, 0, tmpfsRow(tmpfsKiB, most));
  }
  const said = words().kill;
  const { process, resident, swap, user } = said.task;
  return section(
    said.tasks,
    'tasks-section',
    el(
      'div',
      {
        class: 'scroll-x',
        attributes: { tabindex: 0, role: 'region', 'aria-label': said.tasksRegion },
      },
      el(
        'table',
        { class: 'tasks' },
        el(
          'thead',
          {},
          el(
            'tr',
            {},
            ...[process, resident, '', swap, 'oom_score_adj', user].map((text, i) =>
              i === 2
                ? el('td', { attributes: { 'aria-hidden': 'true' } })
                : el('th', { attributes: { scope: 'col' }, class: i === 0 ? '' : 'number' }, text),
            ),
          ),
        ),
        el('tbody', {}, ...rows),
      ),
    ),
  );
}

function taskRow(task: TaskRow, most: number, victimPid: number | undefined): HTMLElement {
  const isVictim = task.pid === victimPid;
  return el(
    'tr',
    { class: isVictim ? 'is-victim' : '' },
    el(
      'th',
      { attributes: { scope: 'row' } },
      task.name,
      el('span', { class: 'pid' }, ` ${task.pid}`),
      isVictim && el('span', { class: 'tag' }, words().kill.killed),
    ),
    el('td', { class: 'number' }, formatKiB(task.rssKiB)),
    bar(task.rssKiB, most),
    el('td', { class: 'number' }, task.swapKiB === 0 ? '–' : formatKiB(task.swapKiB)),
    el('td', { class: 'number' }, task.oomScoreAdj),
    el('td', { class: 'number' }, task.uid),
  );
}

/** The biggest holder may be no process. */
function tmpfsRow(kib: number, most: number): HTMLElement {
  return el(
    'tr',
    { class: 'is-tmpfs' },
    el('th', { attributes: { scope: 'row' } }, words().explanation.tmpfsFiles),
    el('td', { class: 'number' }, formatKiB(kib)),
    bar(kib, most),
    ...Array.from({ length: 3 }, () => el('td', { class: 'number' }, '–')),
  );
}

function bar(kib: number, most: number): HTMLElement {
  return el(
    'td',
    { class: 'task-bar', attributes: { 'aria-hidden': 'true' } },
    shareBar(kib, most),
  );
}
