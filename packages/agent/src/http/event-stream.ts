import type { ServerResponse } from 'node:http';
import { jsonLine } from '@oomwatcher/explain';
import {
  Follower,
  type Journal,
  type JournalChange,
  type JournalledKill,
} from '@oomwatcher/journal';
import { securityHeaders } from './answer.js';

export interface EventStreamOptions {
  /** Followers at once; default 32. */
  maxClients?: number;
  /** A follower that takes nothing for so long is dropped; default 20 s. */
  patienceMs?: number;
  /** Default 5 s. */
  statusEveryMs?: number;
}

/** A follower that is further behind reads the journal anew instead. */
const maxBehind = 5000;

/** Completions that wait for one follower. */
const maxUpdates = 500;

const killsAtOnce = 50;
const reconnectMs = 1000;
const statusSoonMs = 200;

/** One follower. Every kill up to the row of `kills` has been written. */
interface Client {
  response: ServerResponse;
  kills: Follower;
  updates: Map<number, JournalledKill>;
  blockedSinceMs: number | undefined;
}

/**
 * `GET /api/v1/events`: every kill as it is recorded, as server-sent events whose ids are row numbers. The journal is
 * the buffer: a follower is given its next kills when it has taken the ones before, so that a slow one costs nothing but
 * its own delay, and goes on after a lost connection where it was.
 *
 * Events: `kill` and `update` (a kill whose pod became known), `status`, `reset` (read the journal anew), `dropped`.
 */
export class EventStream {
  readonly #journal: Journal;
  readonly #status: () => unknown;
  readonly #options: Required<EventStreamOptions>;
  readonly #clients = new Set<Client>();
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #next: NodeJS.Immediate | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(journal: Journal, status: () => unknown, options: EventStreamOptions = {}) {
    this.#journal = journal;
    this.#status = status;
    this.#options = { maxClients: 32, patienceMs: 20_000, statusEveryMs: 5000, ...options };
  }

  start(): void {
    this.#unsubscribe = this.#journal.onChange((change) => this.#changed(change));
    this.#timer = setInterval(() => this.#tick(), this.#options.statusEveryMs).unref();
  }

  stop(): void {
    this.#unsubscribe?.();
    clearInterval(this.#timer);
    clearTimeout(this.#soon);
    clearImmediate(this.#next);
    for (const client of [...this.#clients]) this.#end(client);
  }

  get counts(): { clients: number; dropped: number } {
    return { clients: this.#clients.size, dropped: this.#dropped };
  }

  /** Whether one more may follow. */
  get hasRoom(): boolean {
    return this.#clients.size < this.#options.maxClients;
  }

  /** @param after the last row that the follower has; undefined: it wants only what comes now. */
  follow(response: ServerResponse, after: number | undefined): void {
    const newest = this.#journal.rows()?.newest ?? 0;
    const from = after ?? newest;
    response.writeHead(200, {
      ...securityHeaders,
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
    });
    response.socket?.setTimeout(0);
    const client: Client = {
      response,
      kills: new Follower(this.#journal, { after: from }),
      updates: new Map(),
      blockedSinceMs: undefined,
    };
    this.#clients.add(client);
    response.on('drain', () => {
      client.blockedSinceMs = undefined;
      this.#pump(client);
    });
    response.once('close', () => this.#clients.delete(client));
    response.on('error', () => {});
    this.#write(client, `retry: ${reconnectMs}\n\n`);
    if (from > newest || newest - from > maxBehind) this.#reset(client, newest);
    this.#write(client, event('status', this.#status()));
    this.#pump(client);
  }

  /** Kills have other rows now: every follower reads the journal anew. */
  renumbered(): void {
    for (const client of this.#clients) {
      client.updates.clear();
      this.#reset(client, this.#journal.rows()?.newest ?? 0);
    }
  }

  #changed({ kind, kills }: JournalChange): void {
    if (this.#clients.size === 0) return;
    if (kind === 'completed') for (const client of this.#clients) this.#complete(client, kills);
    this.#next ??= setImmediate(() => {
      this.#next = undefined;
      for (const client of this.#clients) this.#pump(client);
    });
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      this.#sendStatus();
    }, statusSoonMs).unref();
  }

  /** A kill that the follower has already is given again; one that it has not will come complete. */
  #complete(client: Client, kills: readonly JournalledKill[]): void {
    for (const kill of kills) {
      if (kill.row > client.kills.row) continue;
      if (client.updates.size >= maxUpdates) {
        client.updates.clear();
        return this.#reset(client, this.#journal.rows()?.newest ?? 0);
      }
      client.updates.set(kill.row, kill);
    }
  }

  #pump(client: Client): void {
    for (const [row, kill] of client.updates) {
      if (client.blockedSinceMs !== undefined) return;
      client.updates.delete(row);
      this.#write(client, event('update', kill));
    }
    while (client.blockedSinceMs === undefined) {
      const kills = client.kills.next(killsAtOnce);
      client.kills.took(kills);
      for (const kill of kills) this.#write(client, event('kill', kill, kill.row));
      if (kills.length < killsAtOnce) return;
    }
  }

  #reset(client: Client, newest: number): void {
    client.kills = new Follower(this.#journal, { after: newest });
    this.#write(client, event('reset', {}, newest));
  }

  #write(client: Client, text: string): void {
    if (client.response.write(text)) return;
    client.blockedSinceMs ??= performance.now();
  }

  #tick(): void {
    const nowMs = performance.now();
    for (const client of [...this.#clients]) {
      const { blockedSinceMs = nowMs } = client;
      if (nowMs - blockedSinceMs >= this.#options.patienceMs) this.#drop(client);
    }
    this.#sendStatus();
  }

  #sendStatus(): void {
    if (this.#clients.size === 0) return;
    const text = event('status', this.#status());
    for (const client of this.#clients) {
      if (client.blockedSinceMs === undefined) this.#write(client, text);
    }
  }

  /** Announced in what is already under way to it, should it ever read that. */
  #drop(client: Client): void {
    this.#dropped++;
    this.#write(client, event('dropped', { reason: 'you do not read: connect again' }));
    this.#end(client);
  }

  #end(client: Client): void {
    this.#clients.delete(client);
    client.response.end();
    setTimeout(() => client.response.destroy(), reconnectMs).unref();
  }
}

function event(name: string, data: unknown, id?: number): string {
  const idLine = id === undefined ? '' : `id: ${id}\n`;
  return `${idLine}event: ${name}\ndata: ${jsonLine(data)}\n\n`;
}
