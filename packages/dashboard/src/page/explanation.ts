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
import { words } from './language/language.js';
import { podsSection } from './pods-section.js';
import { reportSection } from './report-section.js';
import { runUpSection } from './run-up-section.js';
import { section } from './section.js';
import { tasksSection } from './tasks-section.js';
import { dayAndTime } from './words.js';

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
      recurrence !== undefined &&
        el(
          'p',
          { class: 'lead' },
          words().sentence(recurrenceWords(recurrence, words().explanation)),
        ),
    ),
    limitSection(kill),
    nextSection(kill),
    runUpSection(kill),
    tasksSection(kill),
    podsSection(kill),
    chainSection(kill),
    victimSection(kill),
    reportSection(kill, options.report, options.recordedMs === undefined),
  );
}

function navigation({ onBack, onCopy, onNewer, onOlder }: ExplanationOptions): HTMLElement {
  const said = words().kill;
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
    { class: 'kill-nav', attributes: { 'aria-label': said.navigation } },
    button(said.all, onBack),
    el('span', { class: 'grow' }),
    button(said.copy, onCopy),
    button(said.newer, onNewer),
    button(said.older, onOlder),
  );
}

function when({ kill, recordedMs }: ExplanationOptions): (Node | string)[] {
  const timeMs = timeMsOf(kill, recordedMs);
  const parts: (Node | string)[] = [];
  if (timeMs !== undefined) {
    parts.push(
      el('time', { attributes: { datetime: new Date(timeMs).toISOString() } }, dayAndTime(timeMs)),
      ` · ${words().formats.ago(Date.now() - timeMs)}`,
    );
  }
  if (timeMs === undefined && kill.localTime !== undefined) {
    parts.push(words().explanation.paragraph.localTime(kill.localTime));
  }
  if (kill.monotonicUs !== undefined) {
    parts.push(`${parts.length > 0 ? ' · ' : ''}${sinceBoot(kill)}`);
  }
  if (kill.host !== undefined)
    parts.push(`${parts.length > 0 ? ' · ' : ''}${words().kill.onHost(kill.host)}`);
  return parts;
}

function limitSection(kill: Kill): HTMLElement {
  const { memory, cgroup, scope } = kill;
  const said = words();
  const owner = whoseLimit(kill, said.explanation);
  const parts: (Node | false)[] = [el('p', { class: 'owner' }, said.sentence(owner))];
  if (memory?.limitKiB !== undefined) {
    parts.push(limitBar(kill, memory.limitKiB), wasSentence(kill));
  } else if (scope === 'node') {
    parts.push(wasSentence(kill));
  } else {
    parts.push(el('p', { class: 'muted' }, said.kill.usageUnknown));
  }
  if (cgroup?.limit !== undefined && cgroup.limit !== cgroup.victim) {
    parts.push(el('p', { class: 'path' }, cgroup.limit));
  }
  return section(said.kill.whoseLimit, 'limit-section', ...parts);
}

function wasSentence(kill: Kill): Node | false {
  const was = memoryWas(kill, words().explanation);
  if (was === undefined) return false;
  const said = words().kill;
  return el('p', { class: 'muted' }, kill.scope === 'node' ? said.nodeWas(was) : said.was(was));
}

function limitBar(kill: Kill, limitKiB: number): HTMLElement {
  const { memory, victim } = kill;
  const usageKiB = memory?.usageKiB;
  const victimKiB = residentKiB(victim);
  const percent = (kib: number) => (limitKiB === 0 ? 100 : Math.min(100, (kib / limitKiB) * 100));
  const known = usageKiB ?? limitKiB;
  // Of what is charged here, as far as can be said: shared pages may be charged elsewhere.
  const isPart = victimKiB !== undefined && victimKiB <= known;
  const said = words().kill;
  const used = usedOfLimit(kill, words().explanation) ?? said.limitOf(formatKiB(limitKiB));
  return el(
    'figure',
    { class: 'limit-figure' },
    el('p', { class: 'big' }, used),
    el(
      'div',
      { class: 'bar-track', attributes: { role: 'img', 'aria-label': used } },
      el('i', {
        class: isPart ? 'used' : 'used alone',
        style: { width: `${percent(known)}%` },
      }),
      isPart && el('i', { class: 'victim', style: { width: `${percent(victimKiB)}%` } }),
    ),
    !isPart &&
      victimKiB !== undefined &&
      el('figcaption', { class: 'muted' }, said.residentBeyond(formatKiB(victimKiB))),
    isPart &&
      el(
        'figcaption',
        { class: 'muted' },
        el('span', { class: 'key victim' }, said.victimKey(formatKiB(victimKiB))),
        ' ',
        el('span', { class: 'key used' }, said.otherKey),
      ),
  );
}

function nextSection(kill: Kill): HTMLElement | false {
  const lines = advice(kill, words().explanation);
  if (lines.length === 0) return false;
  return section(
    words().kill.next,
    'next-section',
    el('ul', {}, ...lines.map((line) => el('li', {}, line))),
  );
}

function chainSection(kill: Kill): HTMLElement | false {
  const levels = cgroupChain(kill);
  if (levels.length === 0) return false;
  const said = words().kill;
  const from = kill.cgroup?.from;
  return section(
    said.chain,
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
          isLimit && el('span', { class: 'tag limit' }, said.limitTag),
          isVictim && el('span', { class: 'tag' }, said.victimTag),
        ),
      ),
    ),
    from !== undefined && el('p', { class: 'muted' }, said.from[from]),
  );
}

function victimSection(kill: Kill): HTMLElement {
  const { victim, trigger, container, pod, group } = kill;
  const said = words().kill;
  const facts: [string, string | undefined][] = [
    [said.fact.process, victim === undefined ? undefined : String(victim.pid)],
    [said.fact.thread, victim?.tid?.toString()],
    [said.fact.user, victim?.uid?.toString()],
    ['oom_score_adj', victim?.oomScoreAdj?.toString()],
    [
      said.fact.main,
      victim?.mainProcess === undefined
        ? undefined
        : victim.mainProcess
          ? said.isMain
          : said.isChild,
    ],
    [said.fact.resident, resident(victim)],
    [said.fact.pageTables, size(victim?.pageTablesKiB)],
    [said.fact.virtual, size(victim?.totalVmKiB)],
    [said.fact.asked, askedBy(kill, words().explanation)],
    ['gfp_mask', trigger?.gfpMask],
    [said.fact.container, container?.id],
    [said.fact.image, container?.image],
    [said.fact.podUid, pod?.uid],
    [said.fact.group, group?.cgroup],
  ];
  const known = facts.filter((fact): fact is [string, string] => fact[1] !== undefined);
  return section(
    said.facts,
    'facts-section',
    el('dl', {}, ...known.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)])),
  );
}

function resident(victim: Kill['victim']): string | undefined {
  const kib = residentKiB(victim);
  if (victim === undefined || kib === undefined) return undefined;
  return words().kill.resident(formatKiB(kib), residentParts(victim, words().explanation));
}

function size(kib: number | undefined): string | undefined {
  return kib === undefined ? undefined : formatKiB(kib);
}
