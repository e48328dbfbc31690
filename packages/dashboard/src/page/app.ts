import type { JournalledKill } from '@oomwatcher/journal';
import type { Status } from '../api/status.js';
import { Announcer } from './announcer.js';
import { binsOf, countInto } from './bins.js';
import { onFile } from './chosen-file.js';
import { byId, el, fill, setText } from './dom.js';
import { type Empty, emptyList } from './empty-list.js';
import { type ExplanationOptions, explainInto } from './explanation.js';
import { showConnection, showFaults, showFile, showStatus } from './head.js';
import { KillList } from './kill-list.js';
import type { KillTable, TextColumn } from './kill-table.js';
import { type Connection, Live } from './live.js';
import { type ExplainedFile, explainFile } from './log-file.js';
import { inTime, matcher, type Selection } from './selection.js';
import { type Range, showRanges } from './time-range.js';
import { Timeline, type TimeSpan } from './timeline.js';
import { showVictims } from './victims.js';
import { count, hourMs, plural, useClock } from './words.js';

const drawMs = 60;
const searchMs = 120;
const clockMs = 30_000;

/** The page: what is known, what of it is shown, and what a reader does. One owner, so that no two parts show different kills. */
export class App {
  readonly #live = new Live({
    connection: (state) => this.#connected(state),
    status: (status) => this.#showStatus(status),
    kills: (table, fresh) => this.#grew(table, fresh),
  });
  readonly #timeline = new Timeline(byId('timeline'), byId('timeline-caption'), (span) =>
    this.#setRange(span === undefined ? { kind: 'all' } : { kind: 'span', ...span }),
  );
  readonly #announcer = new Announcer();
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

  start(): void {
    this.#showRanges();
    this.#listen();
    this.#live.start();
    this.#draw();
    setInterval(() => this.#drawSoon(), clockMs);
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
    onFile(
      (file) => this.#openFile(file),
      () => (this.#file === undefined ? undefined : () => this.#closeFile()),
    );
  }

  #connected(state: Connection): void {
    this.#connection = state;
    if (this.#file === undefined) showConnection(state);
  }

  #showStatus(status: Status): void {
    this.#status = status;
    if (this.#file === undefined) showStatus(status);
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
    if (fresh.length > 0) this.#announcer.announce(fresh);
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
    this.#draw();
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
    this.#list.show(table, this.#slots, () => emptyList(this.#whyEmpty(), () => this.#showAll()));
    setText(byId('count'), this.#countText());
    this.#showChips();
  }

  #countText(): string {
    const { length } = this.#slots;
    const all = this.#table.length;
    return length === all ? count(all) : `${count(length)} of ${count(all)}`;
  }

  #span(): TimeSpan {
    const range = this.#range;
    if (range.kind === 'span') return range;
    const end = this.#endMs();
    if (range.kind === 'last') return { fromMs: end - range.ms, toMs: end };
    const oldest = this.#oldestMs(end);
    return { fromMs: Math.min(oldest - (end - oldest) / 60, end - hourMs), toMs: end };
  }

  #endMs(): number {
    if (this.#file === undefined) return Date.now();
    return this.#extremes().newest + 1000;
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
    showRanges(this.#range, (range) => this.#setRange(range));
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

  #whyEmpty(): Empty {
    if (this.#table.length > 0) return 'no-match';
    if (this.#file !== undefined) return 'no-kill-in-file';
    return this.#loaded ? 'no-kill-yet' : 'reading';
  }

  #showAll(): void {
    this.#equals = {};
    this.#search = '';
    byId<HTMLInputElement>('search').value = '';
    this.#setRange({ kind: 'all' });
  }

  #open(slot: number): void {
    location.hash = `#kill/${this.#table.number('row', slot)}`;
  }

  #back(): void {
    location.hash = '';
  }

  async #route(): Promise<void> {
    const row = Number(/^#kill\/(\d+)$/.exec(location.hash)?.[1]);
    const article = byId('kill');
    const wasOpen = !article.hidden;
    if (Number.isNaN(row)) {
      article.hidden = true;
      byId('overview').hidden = false;
      if (wasOpen) this.#list.focus();
      return;
    }
    const shown = await this.#killOf(row);
    if (location.hash !== `#kill/${row}`) return;
    if (shown === undefined) return this.#back();
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

  async #killOf(
    row: number,
  ): Promise<Pick<ExplanationOptions, 'kill' | 'recordedMs' | 'report'> | undefined> {
    if (this.#file !== undefined) {
      const kill = this.#file.kills[row - 1];
      if (kill === undefined) return undefined;
      const report = this.#file.report(kill);
      return { kill, ...(report !== undefined && { report }) };
    }
    return this.#live.kill(row).catch(() => undefined);
  }

  async #openFile(file: File): Promise<void> {
    this.#back();
    setText(byId('announcer'), `Reading ${file.name}`);
    setText(byId('sentence'), `Reading ${file.name}…`);
    try {
      const explained = await explainFile(file, (share) =>
        setText(byId('facts'), `${Math.floor(share * 100)} %`),
      );
      this.#file = explained;
      this.#table = explained.table;
      useClock(explained.sinceBoot ? 'boot' : 'wall');
      showFile(explained);
      showConnection('file');
      setText(byId('open-file'), 'Back to this node');
      setText(byId('announcer'), `${plural(explained.kills.length, 'kill')} in ${file.name}`);
      this.#showAll();
    } catch (error) {
      if (this.#status !== undefined) showStatus(this.#status);
      showFaults([(error as Error).message]);
    }
  }

  #closeFile(): void {
    this.#file = undefined;
    this.#table = this.#live.table;
    useClock('wall');
    this.#back();
    setText(byId('open-file'), 'Explain a log file…');
    showConnection(this.#connection);
    if (this.#status !== undefined) showStatus(this.#status);
    this.#showAll();
  }
}
