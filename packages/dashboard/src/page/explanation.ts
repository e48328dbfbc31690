// Long, because one kill is laid out from top to bottom, in the order in which it is read.

import {
  advice,
  askedBy,
  formatKiB,
  groupWords,
  memoryWas,
  residentKiB,
  residentParts,
  shownLines,
  usedOfLimit,
  whoseLimit,
} from '@oomwatcher/explain';
import { type Kill, type RawReport, type TaskRow, timeMsOf } from '@oomwatcher/oom';
import { cgroupChain } from './cgroup-chain.js';
import { el, fill } from './dom.js';
import { count, dayOf, duration, moment } from './words.js';

export interface ExplanationOptions {
  kill: Kill;
  /** When it was recorded; undefined: it is of a file. */
  recordedMs?: number;
  /** The lines of the log that it was read from; undefined: they are not kept. */
  report?: RawReport;
  onBack: () => void;
  onNewer?: (() => void) | undefined;
  onOlder?: (() => void) | undefined;
}

/** One kill across the page: who, whose limit, how much, where, and what to do next. */
export function explainInto(host: HTMLElement, options: ExplanationOptions): void {
  const { kill } = options;
  fill(
    host,
    navigation(options),
    el(
      'div',
      { class: 'headline' },
      el('p', { class: 'kicker' }, ...when(options)),
      el('h2', { attributes: { id: 'kill-title', tabindex: -1 } }, title(kill)),
      el('p', { class: 'lead' }, lead(kill)),
    ),
    limitSection(kill),
    nextSection(kill),
    tasksSection(kill),
    chainSection(kill),
    victimSection(kill),
    reportSection(options),
  );
}

function navigation({ onBack, onNewer, onOlder }: ExplanationOptions): HTMLElement {
  const button = (text: string, action: (() => void) | undefined) =>
    el(
      'button',
      {
        class: 'quiet',
        attributes: { type: 'button', disabled: action === undefined },
        on: { click: () => action?.() },
      },
      text,
    );
  return el(
    'nav',
    { class: 'kill-nav', attributes: { 'aria-label': 'Kill' } },
    button('← All kills', onBack),
    el('span', { class: 'grow' }),
    button('Newer', onNewer),
    button('Older', onOlder),
  );
}

function when({ kill, recordedMs }: ExplanationOptions): (Node | string)[] {
  const timeMs = timeMsOf(kill, recordedMs);
  const parts: (Node | string)[] = [];
  if (timeMs !== undefined) {
    parts.push(
      el(
        'time',
        { attributes: { datetime: new Date(timeMs).toISOString() } },
        `${dayOf(timeMs)}, ${moment(timeMs).slice(-8)}`,
      ),
      ` · ${duration(Date.now() - timeMs)} ago`,
    );
  }
  if (kill.monotonicUs !== undefined) {
    parts.push(`${parts.length > 0 ? ' · ' : ''}${duration(kill.monotonicUs / 1000)} after boot`);
  }
  if (kill.host !== undefined) parts.push(`${parts.length > 0 ? ' · ' : ''}on ${kill.host}`);
  return parts;
}

function title({ victim }: Kill): string {
  return victim === undefined
    ? 'A process whose line was lost was killed'
    : `${victim.name} was killed`;
}

function lead(kill: Kill): string {
  const { pod, container, inner, cgroup, group } = kill;
  const sentences: string[] = [];
  if (pod?.name !== undefined) {
    sentences.push(
      `It ran in ${pod.container === undefined ? '' : `container ${pod.container} of `}pod ${pod.namespace ?? ''}/${pod.name}.`,
    );
  } else if (pod !== undefined) sentences.push(`It ran in a pod with the uid ${pod.uid}.`);
  else if (container !== undefined) {
    sentences.push(`It ran in container ${container.id.slice(0, 12)}.`);
  } else if (cgroup?.victim === undefined) sentences.push('Its cgroup is not known.');
  if (inner?.pod !== undefined)
    sentences.push(`A cluster in that pod calls it pod ${inner.pod.uid}.`);
  if (group !== undefined) {
    sentences.push(`It is ${groupWords(group)}.`);
  }
  return sentences.join(' ');
}

function limitSection(kill: Kill): HTMLElement {
  const { memory, cgroup, scope } = kill;
  const owner = whoseLimit(kill);
  const parts: (Node | false)[] = [
    el('p', { class: 'owner' }, `${owner.charAt(0).toUpperCase()}${owner.slice(1)}.`),
  ];
  if (memory?.limitKiB !== undefined) {
    parts.push(limitBar(kill, memory.limitKiB), wasSentence(kill));
  } else if (scope !== 'node') {
    parts.push(el('p', { class: 'muted' }, 'How much was used of it, the log does not say.'));
  }
  if (cgroup?.limit !== undefined && cgroup.limit !== cgroup.victim) {
    parts.push(el('p', { class: 'path' }, cgroup.limit));
  }
  return section('Whose limit', 'limit-section', ...parts);
}

function wasSentence(kill: Kill): Node | false {
  const words = memoryWas(kill);
  return words !== undefined && el('p', { class: 'muted' }, `It was ${words}.`);
}

function limitBar(kill: Kill, limitKiB: number): HTMLElement {
  const { memory, victim } = kill;
  const usageKiB = memory?.usageKiB;
  const victimKiB = residentKiB(victim);
  const percent = (kib: number) => (limitKiB === 0 ? 100 : Math.min(100, (kib / limitKiB) * 100));
  const known = usageKiB ?? limitKiB;
  const words = usedOfLimit(kill) ?? `A limit of ${formatKiB(limitKiB)}`;
  return el(
    'figure',
    { class: 'limit-figure' },
    el('p', { class: 'big' }, words),
    el(
      'div',
      { class: 'bar-track', attributes: { role: 'img', 'aria-label': words } },
      el('i', { class: 'used', style: { width: `${percent(known)}%` } }),
      victimKiB !== undefined &&
        victimKiB <= known &&
        el('i', { class: 'victim', style: { width: `${percent(victimKiB)}%` } }),
    ),
    victimKiB !== undefined &&
      victimKiB <= known &&
      el(
        'figcaption',
        { class: 'muted' },
        el('span', { class: 'key victim' }, `the victim, ${formatKiB(victimKiB)}`),
        ' ',
        el('span', { class: 'key used' }, 'everything else in it'),
      ),
  );
}

function nextSection(kill: Kill): HTMLElement | false {
  const lines = advice(kill);
  if (lines.length === 0) return false;
  return section(
    'What to do next',
    'next-section',
    el('ul', {}, ...lines.map((line) => el('li', {}, line))),
  );
}

function tasksSection({ tasks = [], victim }: Kill): HTMLElement | false {
  if (tasks.length === 0) return false;
  const most = Math.max(1, ...tasks.map(({ rssKiB }) => rssKiB));
  return section(
    'The biggest processes',
    'tasks-section',
    el(
      'div',
      { class: 'scroll-x', attributes: { tabindex: 0, role: 'region', 'aria-label': 'Processes' } },
      el(
        'table',
        { class: 'tasks' },
        el(
          'thead',
          {},
          el(
            'tr',
            {},
            ...['Process', 'Resident', '', 'Swap', 'oom_score_adj', 'User'].map((text, i) =>
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
      isVictim && el('span', { class: 'tag' }, 'killed'),
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

function chainSection(kill: Kill): HTMLElement | false {
  const levels = cgroupChain(kill);
  if (levels.length === 0) return false;
  const origin = {
    log: 'reported by the log',
    proc: 'read from /proc while the process was dying',
    kernel: 'reported by the kernel at the kill itself',
    counter: "reported by the cgroups' own kill counters",
  };
  const from = kill.cgroup?.from;
  return section(
    'Where it ran',
    'chain-section',
    el(
      'ol',
      { class: 'chain' },
      ...levels.map(({ name, meaning, isLimit, isVictim }, depth) =>
        el(
          'li',
          {
            class: `${isLimit ? 'is-limit' : ''} ${isVictim ? 'is-victim' : ''}`,
            style: { '--depth': String(Math.min(depth, 8)) },
          },
          el('span', { class: 'cgroup-name' }, name),
          meaning !== undefined && el('span', { class: 'muted' }, ` ${meaning}`),
          isLimit && el('span', { class: 'tag limit' }, 'its limit was hit'),
          isVictim && el('span', { class: 'tag' }, 'the victim was here'),
        ),
      ),
    ),
    from !== undefined && el('p', { class: 'muted' }, `The victim’s cgroup: ${origin[from]}.`),
  );
}

function victimSection(kill: Kill): HTMLElement {
  const { victim, trigger, container, pod, group } = kill;
  const facts: [string, string | undefined][] = [
    ['Process', victim === undefined ? undefined : String(victim.pid)],
    ['Thread named', victim?.tid?.toString()],
    ['User', victim?.uid?.toString()],
    ['oom_score_adj', victim?.oomScoreAdj?.toString()],
    [
      'Main process',
      victim?.mainProcess === undefined
        ? undefined
        : victim.mainProcess
          ? 'yes'
          : 'no, a child of it',
    ],
    ['Resident', resident(victim)],
    ['Page tables', size(victim?.pageTablesKiB)],
    ['Virtual', size(victim?.totalVmKiB)],
    ['Asked for memory', askedBy(kill)],
    ['gfp_mask', trigger?.gfpMask],
    ['Container', container === undefined ? undefined : container.id],
    ['Pod uid', pod?.uid],
    ['Group', group?.cgroup],
  ];
  const known = facts.filter((fact): fact is [string, string] => fact[1] !== undefined);
  return section(
    'The process',
    'facts-section',
    el('dl', {}, ...known.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)])),
  );
}

function resident(victim: Kill['victim']): string | undefined {
  const kib = residentKiB(victim);
  if (victim === undefined || kib === undefined) return undefined;
  return `${formatKiB(kib)}: ${residentParts(victim)}`;
}

/** Where the explanation comes from: the kernel's lines, and the record that was made of them. */
function reportSection({ kill, report, recordedMs }: ExplanationOptions): HTMLElement {
  const ofFile = recordedMs === undefined;
  return section(
    'What is known of it',
    'record-section',
    el(
      'p',
      { class: 'muted' },
      reportWords(kill, report, ofFile),
      kill.seq === undefined ? '' : ` The kill is record ${count(kill.seq)} of the kernel’s log.`,
    ),
    report !== undefined && folded('The kernel’s lines', shownLines(report), 'as-printed'),
    folded('The record', JSON.stringify(kill, null, 2).split('\n')),
  );
}

function reportWords(kill: Kill, report: RawReport | undefined, ofFile: boolean): string {
  if (kill.victim === undefined) return 'Only a counter of the kernel reported it: no line did.';
  if (report === undefined && kill.witnessed && kill.seq === undefined) {
    return 'The log has no line of it: the kernel itself reported it at the kill.';
  }
  if (report === undefined) {
    return ofFile
      ? 'There are too many kills in the file to keep the lines of all.'
      : 'Its lines are not kept: the journal has those of the newest kills.';
  }
  if (report.lines.length === 1) {
    if (kill.witnessed) {
      return 'The kernel printed one line for it and no report; what that would have said was read at the kill itself.';
    }
    return kill.missing === 'withheld'
      ? 'The kernel printed one line for it and no report: of those it prints ten in 5 s for the whole machine.'
      : 'The log has one line of it and no report.';
  }
  const read = ofFile
    ? ''
    : ' Lines that nothing is read from, such as the stack, are not among them.';
  return kill.complete
    ? `The kernel’s report was read whole.${read}`
    : `Part of the kernel’s report is missing.${read}`;
}

function folded(name: string, lines: readonly string[], className = ''): HTMLElement {
  return el(
    'details',
    {},
    el('summary', {}, name),
    el(
      'pre',
      { class: className, attributes: { tabindex: 0, role: 'region', 'aria-label': name } },
      ...lines.map((line) => el('span', { class: 'line' }, line)),
    ),
  );
}

function section(
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

function size(kib: number | undefined): string | undefined {
  return kib === undefined ? undefined : formatKiB(kib);
}
