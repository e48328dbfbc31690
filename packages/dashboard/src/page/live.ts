import type { JournalledKill, Recurrence } from '@oomwatcher/journal';
import type { RawReport } from '@oomwatcher/oom';
import { type KillIndex, killIndex, shownOf } from '../api/kill-index.js';
import type { Status } from '../api/status.js';
import { KillTable } from './kill-table.js';

/** A kill with the lines of the log that it was read from, where they are kept. */
export type KillWithReport = JournalledKill & { report?: RawReport; recurrence?: Recurrence };

export type Connection = 'starting' | 'live' | 'lost';

export interface LiveListener {
  connection(state: Connection): void;
  status(status: Status): void;
  /** The table has more kills, or is another one. `fresh`: those that just happened. */
  kills(table: KillTable, fresh: readonly JournalledKill[]): void;
}

const retryMs = 2000;
const gatherMs = 40;

/** The agent's kills, from its journal and as they happen; goes on by itself after a lost connection. */
export class Live {
  readonly #listener: LiveListener;
  #table = new KillTable();
  #events: EventSource | undefined;
  #startedMs: number | undefined;
  #gathered: JournalledKill[] = [];
  #gathering = false;
  #isWhole = false;
  /** Which loading of the journal is the current one: answers to an earlier one are not wanted any more. */
  #round = 0;

  constructor(listener: LiveListener) {
    this.#listener = listener;
  }

  get table(): KillTable {
    return this.#table;
  }

  /** Whether all of the journal has been read: until then a total is a part of it. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  start(): void {
    this.#load();
  }

  async kill(row: number): Promise<KillWithReport> {
    return ask<KillWithReport>(`/api/v1/kills/${row}`);
  }

  /** Whole kills below this row, newest first; at most `limit`, or less where they are big. */
  async page(beforeRow: number, limit: number): Promise<{ kills: JournalledKill[] }> {
    return ask(`/api/v1/kills?before=${beforeRow}&limit=${limit}`);
  }

  /** Reads the whole journal, the newest kills first. */
  async #load(): Promise<void> {
    const round = ++this.#round;
    this.#isWhole = false;
    const isCurrent = () => round === this.#round;
    this.#events?.close();
    try {
      const [status, newest] = await Promise.all([
        ask<Status>('/api/v1/status'),
        ask<KillIndex>('/api/v1/index'),
      ]);
      if (!isCurrent()) return;
      this.#startedMs = status.startedMs;
      this.#table = new KillTable();
      this.#table.addPast(newest);
      this.#listener.status(status);
      this.#listener.kills(this.#table, []);
      this.#follow();
      await this.#loadPast(newest.next, isCurrent);
      if (!isCurrent()) return;
      this.#isWhole = true;
      this.#listener.kills(this.#table, []);
    } catch {
      if (!isCurrent()) return;
      this.#listener.connection('lost');
      setTimeout(() => isCurrent() && this.#load(), retryMs);
    }
  }

  async #loadPast(from: number | undefined, isCurrent: () => boolean): Promise<void> {
    for (let next = from; next !== undefined; ) {
      const index: KillIndex = await ask<KillIndex>(`/api/v1/index?before=${next}`);
      if (!isCurrent()) return;
      this.#table.addPast(index);
      this.#listener.kills(this.#table, []);
      next = index.next;
    }
  }

  #follow(): void {
    const events = new EventSource(`/api/v1/events?after=${this.#table.newestRow}`);
    this.#events = events;
    events.onopen = () => this.#listener.connection('live');
    events.onerror = () => {
      if (events !== this.#events) return;
      this.#listener.connection('lost');
      // Refused, not only interrupted: the browser does not try again by itself.
      if (events.readyState === EventSource.CLOSED) {
        setTimeout(() => events === this.#events && this.#load(), retryMs);
      }
    };
    const on = <T>(name: string, take: (data: T) => void) =>
      events.addEventListener(name, (event) => take(JSON.parse((event as MessageEvent).data)));
    on<Status>('status', (status) => this.#takeStatus(status));
    on<JournalledKill>('kill', (kill) => this.#gather(kill));
    on<JournalledKill>('update', (kill) => {
      this.#table.update(killIndex([shownOf(kill)]));
      this.#listener.kills(this.#table, []);
    });
    on('reset', () => this.#load());
  }

  #takeStatus(status: Status): void {
    // Another run of the agent: a journal in memory has begun anew with it.
    if (status.startedMs !== this.#startedMs) this.#load();
    else this.#listener.status(status);
  }

  /** A storm is a thousand events: the page is drawn once for many. */
  #gather(kill: JournalledKill): void {
    this.#gathered.push(kill);
    if (this.#gathering) return;
    this.#gathering = true;
    setTimeout(() => {
      const fresh = this.#gathered;
      this.#gathered = [];
      this.#gathering = false;
      this.#table.addLive(killIndex(fresh.map(shownOf)));
      this.#listener.kills(this.#table, fresh);
    }, gatherMs);
  }
}

async function ask<T>(path: string): Promise<T> {
  const response = await fetch(path, { headers: { Accept: 'application/json' } });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return (await response.json()) as T;
}
