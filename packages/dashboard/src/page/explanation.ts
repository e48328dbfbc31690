import {
  advice,
  askedBy,
  formatKiB,
  memoryWas,
  type RecurrenceCounts,
  recurrenceWords,
  residentKiB,
  residentParts,
  usedOfLimit,
  whoseLimit,
} from '@oomwatcher/explain';
import { type Kill, type RawReport, timeMsOf } from '@oomwatcher/oom';
import { cgroupChain } from './cgroup-chain.js';
import { el, fill } from './dom.js';
import { lead, sinceBoot, title } from './kill-words.js';
import { reportSection } from './report-section.js';
import { runUpSection } from './run-up-section.js';
import { section } from './section.js';
import { tasksSection } from './tasks-section.js';
import { dayOf, duration, moment } from './words.js';

export interface ExplanationOptions {
  kill: Kill;
  /** When it was recorded; undefined: it is of a file. */
  recordedMs?: number;
  /** The lines of the log that it was read from; undefined: they are not kept. */
  report?: RawReport;
  /** How often its workload was killed by then; undefined: it is of a file. */
  recurrence?: RecurrenceCounts;
  onBack: () => void;
  onCopy: () => void;
  onNewer?: (() => void) | undefined;
  onOlder?: (() => void) | undefined;
}

/** One kill across the page: who, whose limit, how much, where, and what to do next. */
export function explainInto(host: HTMLElement, options: ExplanationOptions): void {
  const { kill, recurrence } = options;
  fill(
    host,
    navigation(options),
    el(
      'div',
      { class: 'headline' },
      el('p', { class: 'kicker' }, ...when(options)),
      el('h2', { attributes: { id: 'kill-title', tabindex: -1 } }, title(kill)),
      el('p', { class: 'lead' }, lead(kill)),
      recurrence !== undefined && el('p', { class: 'lead' }, `${recurrenceWords(recurrence)}.`),
    ),
    limitSection(kill),
    nextSection(kill),
    runUpSection(kill),
    tasksSection(kill),
    chainSection(kill),
    victimSection(kill),
    reportSection(kill, options.report, options.recordedMs === undefined),
  );
}

function navigation({ onBack, onCopy, onNewer, onOlder }: ExplanationOptions): HTMLElement {
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
    button('Copy as Markdown', onCopy),
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
    parts.push(`${parts.length > 0 ? ' · ' : ''}${sinceBoot(kill)}`);
  }
  if (kill.host !== undefined) parts.push(`${parts.length > 0 ? ' · ' : ''}on ${kill.host}`);
  return parts;
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
  // Of what is charged here, as far as can be said: shared pages may be charged elsewhere.
  const isPart = victimKiB !== undefined && victimKiB <= known;
  const words = usedOfLimit(kill) ?? `A limit of ${formatKiB(limitKiB)}`;
  return el(
    'figure',
    { class: 'limit-figure' },
    el('p', { class: 'big' }, words),
    el(
      'div',
      { class: 'bar-track', attributes: { role: 'img', 'aria-label': words } },
      el('i', {
        class: isPart ? 'used' : 'used alone',
        style: { width: `${percent(known)}%` },
      }),
      isPart && el('i', { class: 'victim', style: { width: `${percent(victimKiB)}%` } }),
    ),
    !isPart &&
      victimKiB !== undefined &&
      el(
        'figcaption',
        { class: 'muted' },
        `The victim had ${formatKiB(victimKiB)} resident, more than was charged here: pages that it shares with others are charged to them.`,
      ),
    isPart &&
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
    ['Container', container?.id],
    ['Image', container?.image],
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

function size(kib: number | undefined): string | undefined {
  return kib === undefined ? undefined : formatKiB(kib);
}
