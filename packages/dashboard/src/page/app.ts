import type { JournalledKill } from '@oomwatcher/journal';
import type { Status } from '../api/status.js';
import { hashOf, type OpenKill, openKillOf, viewFromQuery, viewToQuery } from './address.js';
import { addressedKill } from './addressed-kill.js';
import { Announcer } from './announcer.js';
import { binsOf, countInto } from './bins.js';
import { showChips } from './chips.js';
import { onFile } from './chosen-file.js';
import { byId, setText } from './dom.js';
import { type Empty, emptyList } from './empty-list.js';
import { explainInto } from './explanation.js';
import { showConnection, showFaults, showFile, showNote, showStatus } from './head.js';
import { countText, KillList } from './kill-list.js';
import type { KillTable, TextColumn } from './kill-table.js';
import { type Connection, Live } from './live.js';
import { type ExplainedFile, explainFile } from './log-file.js';
import { killMarkdown } from './markdown.js';
import { onPaste } from './pasted-log.js';
import { onSearch } from './search-box.js';
import { inTime, matcher, type Selection } from './selection.js';
import { spanOf } from './shown-span.js';
import { copyKill, onSave } from './take-away.js';
import { type Range, showRanges } from './time-range.js';
import { Timeline } from './timeline.js';
import { showVictims } from './victims.js';
import { plural, useClock } from './words.js';

const drawMs = 60;
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
  /** The newest file that was asked for: an answer for an earlier one is not wanted any more. */
  #reading: File | undefined;

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
    onSearch((words) => {
      this.#search = words;
      this.#asked();
    });
    window.addEventListener('hashchange', () => this.#route());
    document.addEventListener('keydown', ({ key }) => {
      // Of the box for a report, Escape is its own.
      const isBoxOpen = byId<HTMLDialogElement>('paste').open;
      if (key === 'Escape' && location.hash !== '' && !isBoxOpen) this.#back();
    });
    onFile(
      (file) => this.#openFile(file),
      () => (this.#file === undefined ? undefined : () => this.#closeFile()),
    );
    onPaste((file) => this.#openFile(file));
    onSave(() => ({
      table: this.#table,
      slots: this.#slots,
      file: this.#file,
      live: this.#live,
    }));
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
    const span = spanOf(this.#range, {
      table,
      file: this.#file,
      oldestMs: this.#status?.oldestMs,
    });
    const bins = binsOf(span.fromMs, span.toMs, this.#timeline.room);
    countInto(bins, table, matching);
    this.#timeline.show(bins, span);
    const isInTime = inTime(table, { ...question, ...span });
    this.#slots = this.#range.kind === 'all' ? matching : matching.filter(isInTime);
    byId('victims').hidden = this.#loaded && table.length === 0;
    showVictims(byId('victims'), table, this.#slots, (values) => this.#pick(values));
    this.#list.show(table, this.#slots, () => emptyList(this.#whyEmpty(), () => this.#showAll()));
    const isPart = this.#file === undefined && this.#loaded && !this.#live.isWhole;
    setText(byId('count'), countText(this.#slots.length, table.length, isPart));
    showChips(this.#equals, (column) => this.#unpick(column));
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
    if (open !== undefined || wasOpen) showNote(undefined);
    if (open === undefined) {
      article.hidden = true;
      byId('overview').hidden = false;
      if (wasOpen) this.#list.focus();
      return;
    }
    const shown = await addressedKill(open, this.#file, this.#live);
    if (location.hash !== hash) return;
    if (typeof shown === 'string') {
      article.hidden = true;
      byId('overview').hidden = false;
      this.#back();
      return showNote(shown);
    }
    const { row } = open;
    const markdown = () =>
      killMarkdown(shown, this.#file === undefined ? location.href : undefined);
    const at = this.#slots.indexOf(this.#table.slotOfRow(row) ?? -1);
    const neighbour = (slot: number | undefined) =>
      at < 0 || slot === undefined ? undefined : () => this.#open(slot);
    explainInto(article, {
      ...shown,
      onBack: () => this.#back(),
      onCopy: () => copyKill(markdown()),
      onNewer: neighbour(this.#slots[at - 1]),
      onOlder: neighbour(this.#slots[at + 1]),
    });
    byId('overview').hidden = true;
    article.hidden = false;
    window.scrollTo(0, 0);
    byId('kill-title').focus({ preventScroll: true });
  }

  async #openFile(file: File): Promise<void> {
    this.#reading = file;
    this.#back();
    showNote(undefined);
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
    showNote(undefined);
    setText(byId('open-file'), 'Explain a log file…');
    showConnection(this.#connection);
    this.#showHead();
    this.#showAll();
  }
}
