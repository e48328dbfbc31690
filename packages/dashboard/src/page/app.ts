// Long, because the state of the page has one owner, so that two parts of it never show different kills.

import type { JournalledKill } from '@oomwatcher/journal';
import type { Status } from '../api/status.js';
import {
  hashOf,
  type OpenKill,
  openKillOf,
  type Range,
  viewFromQuery,
  viewToQuery,
} from './address.js';
import { binsOf, countInto } from './bins.js';
import { byId, el, fill, setText } from './dom.js';
import { type ExplanationOptions, explainInto } from './explanation.js';
import { showConnection, showFaults, showFile, showStatus } from './head.js';
import { KillList } from './kill-list.js';
import type { KillTable, TextColumn } from './kill-table.js';
import { type Connection, Live } from './live.js';
import { type ExplainedFile, explainFile } from './log-file.js';
import { inTime, matcher, type Selection } from './selection.js';
import { Timeline, type TimeSpan } from './timeline.js';
import { showVictims } from './victims.js';
import { count, dayMs, hourMs, plural, useClock } from './words.js';

const ranges: readonly [label: string, spoken: string, range: Range][] = [
  ['1 h', 'the last hour', { kind: 'last', ms: hourMs }],
  ['24 h', 'the last 24 hours', { kind: 'last', ms: dayMs }],
  ['7 d', 'the last 7 days', { kind: 'last', ms: 7 * dayMs }],
  ['30 d', 'the last 30 days', { kind: 'last', ms: 30 * dayMs }],
  ['All', 'all of it', { kind: 'all' }],
];

/** A burst of seconds has its own shape: less than this no axis shows. */
const minSpanMs = 10_000;
const drawMs = 60;
const searchMs = 120;
const clockMs = 30_000;
const announceMs = 3000;

type ShownOfKill = Pick<ExplanationOptions, 'kill' | 'recordedMs' | 'report' | 'recurrence'>;

/** The page: what is known, what of it is shown, and what a reader does. */
export class App {
  readonly #live = new Live({
    connection: (state) => this.#connected(state),
    status: (status) => this.#showStatus(status),
    kills: (table, fresh) => this.#grew(table, fresh),
  });
  readonly #timeline = new Timeline(byId('timeline'), byId('timeline-caption'), (span) =>
    this.#setRange(span === undefined ? { kind: 'all' } : { kind: 'span', ...span }),
  );
  readonly #list = new KillList(byId('list'), (slot) => this.#open(slot));
  #table: KillTable = this.#live.table;
  #file: ExplainedFile | undefined;
  #status: Status | undefined;
  #connection: Connection = 'starting';
  #equals: Selection['equals'] = {};
  #search = '';
  #range: Range = { kind: 'all' };
  #slots: Uint32Array = new Uint32Array();
  #drawing: ReturnType<typeof setTimeout> | undefined;
  #loaded = false;
  /** The newest file that was asked for: an answer for an earlier one is not wanted any more. */
  #reading: File | undefined;
  #unannounced: JournalledKill[] = [];
  #announcing = false;

  start(): void {
    const view = viewFromQuery(location.search);
    this.#range = view.range;
    this.#equals = view.equals;
    this.#search = view.search;
    byId<HTMLInputElement>('search').value = view.search;
    this.#showRanges();
    this.#listen();
    this.#live.start();
    this.#draw();
    setInterval(() => this.#tick(), clockMs);
    // All rows, not only those in sight.
    matchMedia('print').addEventListener('change', ({ matches }) => this.#list.print(matches));
  }

  /** Time goes on, and what is said of it. */
  #tick(): void {
    this.#drawSoon();
    if (this.#status !== undefined) this.#showStatus(this.#status);
  }

  #listen(): void {
    const search = byId<HTMLInputElement>('search');
    let typing: ReturnType<typeof setTimeout> | undefined;
    search.addEventListener('input', () => {
      clearTimeout(typing);
      typing = setTimeout(() => {
        this.#search = search.value;
        this.#asked();
      }, searchMs);
    });
    window.addEventListener('hashchange', () => this.#route());
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && location.hash !== '') this.#back();
      if (event.key === '/' && !(event.target instanceof HTMLInputElement)) {
        event.preventDefault();
        search.focus();
      }
    });
    this.#listenForFiles();
  }

  #listenForFiles(): void {
    const input = byId<HTMLInputElement>('file');
    const button = byId('open-file');
    button.addEventListener('click', () => {
      if (this.#file === undefined) input.click();
      else this.#closeFile();
    });
    input.addEventListener('change', () => {
      const file = input.files?.[0];
      input.value = '';
      if (file !== undefined) this.#openFile(file);
    });
    const drop = byId('drop');
    document.addEventListener('dragover', (event) => {
      event.preventDefault();
      drop.hidden = false;
    });
    document.addEventListener('dragleave', (event) => {
      if (event.relatedTarget === null) drop.hidden = true;
    });
    document.addEventListener('drop', (event) => {
      event.preventDefault();
      drop.hidden = true;
      const file = event.dataTransfer?.files[0];
      if (file !== undefined) this.#openFile(file);
    });
  }

  #connected(state: Connection): void {
    this.#connection = state;
    if (this.#file === undefined) showConnection(state);
  }

  #showStatus(status: Status): void {
    this.#status = status;
    if (this.#file === undefined && this.#reading === undefined) showStatus(status);
  }

  #grew(table: KillTable, fresh: readonly JournalledKill[]): void {
    if (this.#file !== undefined) return;
    const isOther = this.#table !== table;
    this.#table = table;
    if (!this.#loaded || isOther) {
      this.#loaded = true;
      this.#draw();
      this.#route();
    } else this.#drawSoon();
    if (fresh.length > 0) this.#announce(fresh);
  }

  #drawSoon(): void {
    this.#drawing ??= setTimeout(() => {
      this.#drawing = undefined;
      this.#draw();
    }, drawMs);
  }

  /** Another question has been asked: its answer begins at the top. */
  #asked(): void {
    this.#list.toTop();
    this.#keepInAddress();
    this.#draw();
  }

  /** Of a file nothing is: a reload does not bring it back. */
  #keepInAddress(): void {
    const view = { range: this.#range, equals: this.#equals, search: this.#search };
    const query = this.#file === undefined ? viewToQuery(view) : '';
    if (query !== location.search) {
      history.replaceState(null, '', `${location.pathname}${query}${location.hash}`);
    }
  }

  #draw(): void {
    const table = this.#table;
    const question = { equals: this.#equals, search: this.#search };
    const matching = table.select(matcher(table, question));
    const span = this.#span();
    const bins = binsOf(span.fromMs, span.toMs, this.#timeline.room);
    countInto(bins, table, matching);
    this.#timeline.show(bins, span);
    const isInTime = inTime(table, { ...question, ...span });
    this.#slots = this.#range.kind === 'all' ? matching : matching.filter(isInTime);
    byId('victims').hidden = this.#loaded && table.length === 0;
    showVictims(byId('victims'), table, this.#slots, (values) => this.#pick(values));
    this.#list.show(table, this.#slots, () => this.#emptyState());
    setText(byId('count'), this.#countText());
    this.#showChips();
  }

  #countText(): string {
    const { length } = this.#slots;
    const all = this.#table.length;
    const soFar = this.#file === undefined && this.#loaded && !this.#live.isWhole ? ' so far' : '';
    return `${length === all ? '' : `${count(length)} of `}${count(all)}${soFar}`;
  }

  #span(): TimeSpan {
    const range = this.#range;
    if (range.kind === 'span') return range;
    const end = this.#endMs();
    if (range.kind === 'last') return { fromMs: end - range.ms, toMs: end };
    const oldest = this.#oldestMs(end);
    const fromMs = Math.min(oldest - (end - oldest) / 60, end - minSpanMs);
    return { fromMs: this.#file?.sinceBoot ? Math.max(0, fromMs) : fromMs, toMs: end };
  }

  #endMs(): number {
    if (this.#file === undefined) return Date.now();
    const { oldest, newest } = this.#extremes();
    return newest + Math.max(1000, (newest - oldest) / 60);
  }

  /** The journal's oldest is known before all of it has been read: the axis does not move while it is. */
  #oldestMs(end: number): number {
    const known = this.#file === undefined ? (this.#status?.oldestMs ?? end) : end;
    return Math.min(known, this.#extremes().oldest);
  }

  #extremes(): { oldest: number; newest: number } {
    const times = this.#table.numbers('timeMs');
    let [oldest, newest] = [Number.POSITIVE_INFINITY, 0];
    for (let slot = 0; slot < this.#table.length; slot++) {
      const timeMs = times[slot] as number;
      if (timeMs < oldest) oldest = timeMs;
      if (timeMs > newest) newest = timeMs;
    }
    return { oldest, newest };
  }

  #setRange(range: Range): void {
    this.#range = range;
    this.#showRanges();
    this.#asked();
  }

  #showRanges(): void {
    const host = byId('ranges');
    const focused = host.contains(document.activeElement)
      ? document.activeElement?.textContent
      : undefined;
    fill(
      host,
      ...ranges.map(([label, spoken, range]) =>
        el(
          'button',
          {
            attributes: {
              type: 'button',
              'aria-pressed': String(JSON.stringify(range) === JSON.stringify(this.#range)),
              'aria-label': `${label}: ${spoken}`,
            },
            on: { click: () => this.#setRange(range) },
          },
          label,
        ),
      ),
    );
    if (focused) {
      [...host.querySelectorAll('button')].find((b) => b.textContent === focused)?.focus();
    }
  }

  #pick(values: Selection['equals']): void {
    this.#equals = { ...this.#equals, ...values };
    this.#asked();
  }

  #showChips(): void {
    const host = byId('chips');
    const chips = Object.entries(this.#equals).map(([column, value]) =>
      el(
        'button',
        {
          class: 'chip',
          attributes: { type: 'button', 'aria-label': `Remove the filter ${column} ${value}` },
          on: { click: () => this.#unpick(column as TextColumn) },
        },
        el('span', { class: 'muted' }, `${column} `),
        value,
        el('span', { class: 'x', attributes: { 'aria-hidden': 'true' } }, ' ×'),
      ),
    );
    fill(host, ...chips);
  }

  #unpick(column: TextColumn): void {
    const { [column]: _, ...rest } = this.#equals;
    this.#equals = rest;
    this.#asked();
  }

  #emptyState(): Node[] {
    if (this.#table.length > 0) {
      return [
        el('p', { class: 'empty-title' }, 'No kill matches.'),
        el(
          'button',
          { class: 'quiet', attributes: { type: 'button' }, on: { click: () => this.#showAll() } },
          'Show all kills',
        ),
      ];
    }
    if (this.#file !== undefined) {
      return [
        el('p', { class: 'empty-title' }, 'No kill in this file.'),
        el('p', {}, 'The log was read to its end and the OOM killer is not in it.'),
      ];
    }
    if (!this.#loaded) return [el('p', { class: 'empty-title' }, 'Reading the journal…')];
    return [
      el('p', { class: 'empty-title' }, 'No kill yet.'),
      el(
        'p',
        {},
        'When the kernel kills a process because memory has run out, it appears here within a second: who, whose limit it was, and how much was used. Try it, safely, with one real kill in a cgroup of its own:',
      ),
      el('pre', { attributes: { tabindex: 0 } }, 'sudo oomwatcher demo'),
      el(
        'p',
        { class: 'muted' },
        'Or drop a kernel log on this page: dmesg, journalctl -k or syslog.',
      ),
    ];
  }

  #showAll(): void {
    this.#equals = {};
    this.#search = '';
    byId<HTMLInputElement>('search').value = '';
    this.#setRange({ kind: 'all' });
  }

  #open(slot: number): void {
    location.hash = hashOf({ row: this.#table.number('row', slot) ?? 0, ...this.#fileName });
  }

  get #fileName(): Pick<OpenKill, 'file'> {
    return this.#file === undefined ? {} : { file: this.#file.name };
  }

  #back(): void {
    location.hash = '';
  }

  async #route(): Promise<void> {
    const { hash } = location;
    const open = openKillOf(hash);
    const article = byId('kill');
    const wasOpen = !article.hidden;
    if (open !== undefined || wasOpen) this.#note(undefined);
    if (open === undefined) {
      article.hidden = true;
      byId('overview').hidden = false;
      if (wasOpen) this.#list.focus();
      return;
    }
    const shown = await this.#killOf(open);
    if (location.hash !== hash) return;
    if (typeof shown === 'string') {
      article.hidden = true;
      byId('overview').hidden = false;
      this.#back();
      return this.#note(shown);
    }
    const { row } = open;
    const at = this.#slots.indexOf(this.#table.slotOfRow(row) ?? -1);
    const neighbour = (slot: number | undefined) =>
      at < 0 || slot === undefined ? undefined : () => this.#open(slot);
    explainInto(article, {
      ...shown,
      onBack: () => this.#back(),
      onNewer: neighbour(this.#slots[at - 1]),
      onOlder: neighbour(this.#slots[at + 1]),
    });
    byId('overview').hidden = true;
    article.hidden = false;
    window.scrollTo(0, 0);
    byId('kill-title').focus({ preventScroll: true });
  }

  /** Why nothing is opened is one sentence. */
  async #killOf({ row, file }: OpenKill): Promise<ShownOfKill | string> {
    if (file !== this.#file?.name) {
      return file === undefined
        ? 'This address is of a kill of the node: go back to this node for it.'
        : `This address is of a kill in the file ${file}, which the page does not keep: open the file again.`;
    }
    if (this.#file !== undefined) {
      const kill = this.#file.kills[row - 1];
      if (kill === undefined) return `${this.#file.name} has no kill ${row}.`;
      const report = this.#file.report(kill);
      return { kill, ...(report !== undefined && { report }) };
    }
    return this.#live
      .kill(row)
      .catch(() => `Kill ${row} is not in the journal of this node (any more).`);
  }

  #note(text: string | undefined): void {
    const note = byId('note');
    note.hidden = text === undefined;
    setText(note, text ?? '');
  }

  async #openFile(file: File): Promise<void> {
    this.#reading = file;
    this.#back();
    this.#note(undefined);
    setText(byId('announcer'), `Reading ${file.name}`);
    setText(byId('sentence'), `Reading ${file.name}…`);
    try {
      const explained = await explainFile(file, (share) => {
        if (this.#reading === file) setText(byId('facts'), `${Math.floor(share * 100)} %`);
      });
      if (this.#reading !== file) return;
      this.#reading = undefined;
      this.#file = explained;
      this.#table = explained.table;
      useClock(explained.sinceBoot ? 'boot' : 'wall');
      this.#showHead();
      showConnection('file');
      setText(byId('open-file'), 'Back to this node');
      setText(byId('announcer'), `${plural(explained.kills.length, 'kill')} in ${file.name}`);
      this.#showAll();
    } catch (error) {
      if (this.#reading !== file) return;
      this.#reading = undefined;
      this.#showHead();
      showFaults([(error as Error).message]);
    }
  }

  /** Of what the list is of. */
  #showHead(): void {
    if (this.#file !== undefined) showFile(this.#file);
    else if (this.#status !== undefined) showStatus(this.#status);
  }

  #closeFile(): void {
    this.#reading = undefined;
    this.#file = undefined;
    this.#table = this.#live.table;
    useClock('wall');
    this.#back();
    this.#note(undefined);
    setText(byId('open-file'), 'Explain a log file…');
    showConnection(this.#connection);
    this.#showHead();
    this.#showAll();
  }

  /** To a screen reader, a storm is one sentence every few seconds. */
  #announce(fresh: readonly JournalledKill[]): void {
    this.#unannounced.push(...fresh);
    if (this.#announcing) return;
    this.#announcing = true;
    const first = this.#unannounced[0];
    const name = first?.kill.victim?.name ?? 'a process';
    const text =
      this.#unannounced.length === 1
        ? `OOM kill: ${name}, process ${first?.kill.victim?.pid ?? 'unknown'}`
        : `${this.#unannounced.length} OOM kills, ${name} among them`;
    setText(byId('announcer'), text);
    this.#unannounced = [];
    setTimeout(() => {
      this.#announcing = false;
      if (this.#unannounced.length > 0) this.#announce([]);
    }, announceMs);
  }
}
