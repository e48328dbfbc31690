import { formatKiB } from '@oomwatcher/explain';
import type { Kill, TaskRow } from '@oomwatcher/oom';
import { el } from './dom.js';
import { words } from './language/language.js';
import { section } from './section.js';

/** The biggest processes of the kernel's table; false: it has none. */
export function tasksSection({ tasks = [], victim }: Kill): HTMLElement | false {
  if (tasks.length === 0) return false;
  const most = Math.max(1, ...tasks.map(({ rssKiB }) => rssKiB));
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
        el('tbody', {}, ...tasks.map((task) => taskRow(task, most, victim?.pid))),
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
    el(
      'td',
      { class: 'task-bar', attributes: { 'aria-hidden': 'true' } },
      el('i', { style: { width: `${Math.max(0.5, (task.rssKiB / most) * 100)}%` } }),
    ),
    el('td', { class: 'number' }, task.swapKiB === 0 ? '–' : formatKiB(task.swapKiB)),
    el('td', { class: 'number' }, task.oomScoreAdj),
    el('td', { class: 'number' }, task.uid),
  );
}
