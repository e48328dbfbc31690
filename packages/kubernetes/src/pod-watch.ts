import { BackOff } from '@oomwatcher/journal';
import { type Meaning, meaningOf } from './answer.js';
import { type ApiClient, TransportError } from './client.js';
import { Pause } from './pause.js';
import type { ApiPod, PodCache } from './pod-cache.js';
import type { Timing } from './timing.js';
import type { Troubles } from './troubles.js';

/** Pods of one answer: a node's hundred pods at once would be some megabytes of JSON. */
const pageSize = 50;

/** A watch that ends sooner is a failure, whatever the server says. */
const shortestWatchMs = 1_000;

interface PodList {
  metadata?: { resourceVersion?: string; continue?: string };
  items?: ApiPod[];
}

interface WatchLine {
  type?: string;
  object?: ApiPod & { metadata?: { resourceVersion?: string }; code?: number };
}

/** A list of pods did not come. */
interface Failure {
  /** The server will say no again. */
  refused: boolean;
}

/**
 * Keeps the cache equal to the API server's pods of this node: one list, then a watch. The client library's informer
 * is not used: it goes deaf on a node where nothing happens, for its watch is aborted after 30 s of silence and its
 * pauses grow until an event comes. This watch is ended by the server after some minutes and gone on with where it
 * stood, and a watch that the server does not end is ended here: a connection that a firewall has forgotten says
 * nothing for ever. Between the two a pod that is not known is looked for by a list.
 */
export class PodWatch {
  readonly #client: ApiClient;
  readonly #cache: PodCache;
  readonly #selector: string;
  readonly #timing: Timing;
  readonly #troubles: Troubles;
  readonly #changed: () => void;
  readonly #listed: () => void;
  readonly #stopping = new AbortController();
  readonly #pause = new Pause();
  #running: Promise<void> | undefined;
  #listing: Promise<boolean> | undefined;

  constructor(options: {
    client: ApiClient;
    cache: PodCache;
    nodeName: string;
    timing: Timing;
    troubles: Troubles;
    /** A pod is known, or known better. */
    changed: () => void;
    /** All pods were listed. */
    listed: () => void;
  }) {
    this.#client = options.client;
    this.#cache = options.cache;
    this.#selector = `fieldSelector=${encodeURIComponent(`spec.nodeName=${options.nodeName}`)}`;
    this.#timing = options.timing;
    this.#troubles = options.troubles;
    this.#changed = options.changed;
    this.#listed = options.listed;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** Lists the pods because one is not known. Whoever asks while a list is on its way gets the next. */
  async look(): Promise<boolean> {
    await this.#listing;
    this.#listing ??= this.#lookNow().finally(() => {
      this.#listing = undefined;
    });
    return this.#listing;
  }

  async #lookNow(): Promise<boolean> {
    // What the list does not have is not forgotten: the watch may know newer things.
    return typeof (await this.#list()) === 'string';
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    const backOff = new BackOff(this.#timing.firstPauseMs, this.#timing.mostPauseMs);
    let version: string | undefined;
    while (!signal.aborted) {
      const begunMs = performance.now();
      const outcome = await (version === undefined ? this.#listAll() : this.#watch(version));
      const wasShort = performance.now() - begunMs < shortestWatchMs;
      if (typeof outcome !== 'string') {
        if (outcome?.refused) {
          await this.#pause.wait(this.#timing.parkMs, signal);
        } else {
          await this.#pause.wait(backOff.next(), signal);
        }
        version = undefined;
        continue;
      }
      if (version !== undefined && wasShort) await this.#pause.wait(backOff.next(), signal);
      else backOff.reset();
      version = outcome;
    }
  }

  async #listAll(): Promise<string | Failure> {
    const seen = new Set<string>();
    const outcome = await this.#list(seen);
    if (typeof outcome === 'string') {
      this.#cache.keepOnly(seen);
      this.#listed();
    }
    return outcome;
  }

  /** Returns the version that a watch goes on from. */
  async #list(seen?: Set<string>): Promise<string | Failure> {
    let next: string | undefined;
    do {
      const page = await this.#page(next);
      if ('refused' in page) return page;
      for (const pod of page.items ?? []) {
        const uid = this.#cache.put(pod);
        if (uid === undefined) continue;
        seen?.add(uid);
        this.#changed();
      }
      next = page.metadata?.continue || undefined;
      if (next === undefined) {
        this.#troubles.end('list pods', 'the pods of this node are known');
        return page.metadata?.resourceVersion ?? '';
      }
    } while (!this.#stopping.signal.aborted);
    return { refused: false };
  }

  async #page(next: string | undefined): Promise<PodList | Failure> {
    const path = `/api/v1/pods?${this.#selector}&limit=${pageSize}`;
    try {
      const response = await this.#client.request({
        method: 'GET',
        path: next === undefined ? path : `${path}&continue=${encodeURIComponent(next)}`,
        signal: this.#stopping.signal,
        timeoutMs: this.#timing.requestTimeoutMs,
      });
      const meaning = meaningOf(response, 'list pods');
      return meaning.kind === 'done'
        ? (response.body as PodList)
        : this.#failed('list pods', meaning);
    } catch (error) {
      return this.#unreachable('list pods', error);
    }
  }

  async #watch(from: string): Promise<string | Failure> {
    const { watchMs, watchGraceMs } = this.#timing;
    const seconds = Math.max(1, Math.round(watchMs / 1000));
    const path = `/api/v1/pods?${this.#selector}&watch=true&allowWatchBookmarks=true&timeoutSeconds=${seconds}&resourceVersion=${encodeURIComponent(from)}`;
    const overdue = AbortSignal.timeout(watchMs + watchGraceMs);
    let version = from;
    try {
      const signal = AbortSignal.any([this.#stopping.signal, overdue]);
      for await (const line of this.#client.stream(path, signal)) {
        const { type, object } = line as WatchLine;
        if (type === 'ERROR') return this.#watchEnded(object);
        version = object?.metadata?.resourceVersion ?? version;
        if (object !== undefined) this.#apply(type, object);
      }
      this.#troubles.end('watch pods', 'the pods of this node are watched');
      return version;
    } catch (error) {
      // What happened meanwhile is asked for by the next watch; a silent connection is no trouble of the server's.
      if (overdue.aborted) return version;
      return this.#unreachable('watch pods', error);
    }
  }

  #apply(type: string | undefined, pod: ApiPod): void {
    if (type === 'DELETED') this.#cache.remove(pod);
    if (type !== 'ADDED' && type !== 'MODIFIED') return;
    if (this.#cache.put(pod) !== undefined) this.#changed();
  }

  #watchEnded(status: WatchLine['object']): Failure {
    // What happened since then is not kept any more: an ordinary thing, and a list helps.
    if (status?.code === 410) return { refused: false };
    const response = { status: status?.code ?? 500, body: status };
    return this.#failed('watch pods', meaningOf(response, 'watch pods'));
  }

  #failed(what: string, meaning: Meaning): Failure {
    const reason = 'reason' in meaning ? meaning.reason : `the server could not ${what}`;
    this.#troubles.meet(what, reason);
    return { refused: meaning.kind === 'refused' };
  }

  #unreachable(what: string, error: unknown): Failure {
    if (this.#stopping.signal.aborted) return { refused: false };
    if (!(error instanceof TransportError)) throw error;
    this.#troubles.meet(what, error.message);
    return { refused: false };
  }
}
