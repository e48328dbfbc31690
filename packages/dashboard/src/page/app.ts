import type { JournalledKill } from '@oomwatcher/journal';
import type { Status } from '../api/status.js';
import { fileQuery, hashOf, openKillOf, type View, viewFromQuery, viewToQuery } from './address.js';
import { addressedKill } from './addressed-kill.js';
import { Announcer } from './announcer.js';
import { binsOf, countInto } from './bins.js';
import { showChips } from './chips.js';
import { onFile } from './chosen-file.js';
import { byId, setText } from './dom.js';
import { type Empty, emptyList } from './empty-list.js';
import { explainInto } from './explanation.js';
import { showConnection, showFaults, showHead, showNote, showStatus } from './head.js';
import { countText, KillList } from './kill-list.js';
import type { KillTable } from './kill-table.js';
import { type LanguageCode, languageOf, onLanguage, speak, words } from './language/language.js';
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
import { useClock } from './words.js';

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
  readonly #view: View = viewFromQuery(location.search);
  #slots: Uint32Array = new Uint32Array();
  #drawing: ReturnType<typeof setTimeout> | undefined;
  #loaded = false;
  /** The newest file that was asked for: an answer for an earlier one is not wanted any more. */
  #reading: File | undefined;

  start(): void {
    const { search, language = languageOf(navigator.languages) } = this.#view;
    speak(language);
    byId<HTMLInputElement>('search').value = search;
    this.#showHead();
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
      this.#view.search = words;
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
    onLanguage((code) => this.#speak(code));
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
    const query = this.#file === undefined ? viewToQuery(this.#view) : fileQuery(this.#view);
    if (query !== location.search) {
      history.replaceState(null, '', `${location.pathname}${query}${location.hash}`);
    }
  }

  async #speak(language: LanguageCode): Promise<void> {
    this.#view.language = language;
    speak(language);
    this.#keepInAddress();
    this.#showHead();
    this.#showRanges();
    this.#draw();
    await this.#route();
    // Who has switched is where he was, though an open kill was told again.
    byId('language').focus({ preventScroll: true });
  }

  #draw(): void {
    const table = this.#table;
    const question = this.#view;
    const matching = table.select(matcher(table, question));
    const span = spanOf(this.#view.range, {
      table,
      file: this.#file,
      oldestMs: this.#status?.oldestMs,
    });
    const bins = binsOf(span.fromMs, span.toMs, this.#timeline.room);
    countInto(bins, table, matching);
    this.#timeline.show(bins, span);
    const isInTime = inTime(table, { ...question, ...span });
    this.#slots = this.#view.range.kind === 'all' ? matching : matching.filter(isInTime);
    byId('victims').hidden = this.#loaded && table.length === 0;
    showVictims(byId('victims'), table, this.#slots, (values) => this.#pick(values));
    this.#list.show(table, this.#slots, () => emptyList(this.#whyEmpty(), () => this.#showAll()));
    const isPart = this.#file === undefined && this.#loaded && !this.#live.isWhole;
    setText(byId('count'), countText(this.#slots.length, table.length, isPart));
    showChips(this.#view.equals, (column) => {
      delete this.#view.equals[column];
      this.#asked();
    });
  }

  #setRange(range: Range): void {
    this.#view.range = range;
    this.#showRanges();
    this.#asked();
  }

  #showRanges(): void {
    showRanges(this.#view.range, (range) => this.#setRange(range));
  }

  #pick(values: Selection['equals']): void {
    this.#view.equals = { ...this.#view.equals, ...values };
    this.#asked();
  }

  #whyEmpty(): Empty {
    if (this.#table.length > 0) return 'no-match';
    if (this.#file !== undefined) return 'no-kill-in-file';
    return this.#loaded ? 'no-kill-yet' : 'reading';
  }

  #showAll(): void {
    this.#view.equals = {};
    this.#view.search = '';
    byId<HTMLInputElement>('search').value = '';
    this.#setRange({ kind: 'all' });
  }

  #open(slot: number): void {
    const row = this.#table.number('row', slot) ?? 0;
    location.hash = hashOf({ row, ...(this.#file !== undefined && { file: this.#file.name }) });
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
      this.#turnTo('list');
      if (wasOpen) this.#list.focus();
      return;
    }
    const shown = await addressedKill(open, this.#file, this.#live);
    if (location.hash !== hash) return;
    if (typeof shown === 'string') {
      this.#turnTo('list');
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
    this.#turnTo('kill');
    window.scrollTo(0, 0);
    byId('kill-title').focus({ preventScroll: true });
  }

  #turnTo(page: 'kill' | 'list'): void {
    byId('kill').hidden = page !== 'kill';
    byId('overview').hidden = page === 'kill';
    if (this.#reading === undefined) this.#showHead();
  }

  async #openFile(file: File): Promise<void> {
    this.#reading = file;
    this.#back();
    showNote(undefined);
    for (const id of ['announcer', 'sentence']) setText(byId(id), words().file.reading(file.name));
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
      setText(byId('announcer'), words().file.kills(explained.kills.length, file.name));
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
    showHead(this.#file, this.#status, this.#connection);
  }

  #closeFile(): void {
    this.#reading = undefined;
    this.#file = undefined;
    this.#table = this.#live.table;
    useClock('wall');
    this.#back();
    showNote(undefined);
    this.#showHead();
    this.#showAll();
  }
}
