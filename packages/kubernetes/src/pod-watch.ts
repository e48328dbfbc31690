import { BackOff } from '@oomwatcher/journal';
import { type Expected, type Meaning, meaningOf } from './answer.js';
import { type ApiPodList, readPodList, readWatchLine, type WatchLine } from './api-objects.js';
import { type ApiClient, TransportError, tooLarge } from './client.js';
import { Pause } from './pause.js';
import type { PodCache } from './pod-cache.js';
import type { Problems } from './problems.js';
import type { Timing } from './timing.js';
import { TokenBucket } from './token-bucket.js';

/** Pods of one answer: a node's hundred pods at once would be some megabytes of JSON. */
const maxPerPage = 50;

/** More would not be kept. A server whose list has no end must be left. */
const maxPods = 10_000;

/** As JSON some megabytes in memory become five times as many. A page that has more is asked for in smaller ones. */
const maxPageBytes = 4 * 1024 * 1024;

/** A watch that ends sooner is a failure, whatever the server says. */
const shortestWatchMs = 1_000;

const list = 'list pods';
/** By a list as well; for a kill whose pod is not known, while all others are. */
const lookFor = 'look for pods';
const watch = 'watch pods';

const podList: Expected<ApiPodList> = { status: 200, read: readPodList };
/** There is none: a watch that is answered is no single object. */
const noObject: Expected<never> = { status: 200, read: () => undefined };

/** The server did not give them. */
interface Failure {
  /** It will say no again. */
  refused: boolean;
  /** What happened since the version is not kept any more. */
  expired?: boolean;
  /** How long it wants to be left alone. */
  quietMs?: number;
}

/**
 * Keeps the cache equal to the API server's pods of this node: one list, then a watch. The client library's informer
 * is not used: it goes deaf on a node where nothing happens, for its watch is aborted after 30 s of silence and its
 * pauses grow until an event comes. This watch is ended by the server after some minutes and gone on with where it
 * stood, and a watch that the server does not end is ended here: a connection that a firewall has forgotten says
 * nothing for ever. Between the two a pod that is not known is looked for by a list.
 *
 * A watch that failed is tried again from where it stood. Only a server that does not keep what happened since then
 * makes a list necessary: when each failure meant a list, one failing watch was 2.5 lists a second.
 */
export class PodWatch {
  readonly #client: ApiClient;
  readonly #cache: PodCache;
  readonly #selector: string;
  readonly #timing: Timing;
  readonly #problems: Problems;
  readonly #changed: () => void;
  readonly #listed: () => void;
  readonly #stopping = new AbortController();
  readonly #pause = new Pause();
  readonly #tokens: TokenBucket;
  #perPage = maxPerPage;
  /** The server asked not to be asked before. */
  #quietUntilMs = 0;
  #running: Promise<void> | undefined;
  #listing: Promise<boolean> | undefined;

  constructor(options: {
    client: ApiClient;
    cache: PodCache;
    nodeName: string;
    timing: Timing;
    problems: Problems;
    /** A pod is known, or known better. */
    changed: () => void;
    /** All pods were listed. */
    listed: () => void;
  }) {
    this.#client = options.client;
    this.#cache = options.cache;
    this.#selector = `fieldSelector=${encodeURIComponent(`spec.nodeName=${options.nodeName}`)}`;
    this.#timing = options.timing;
    this.#problems = options.problems;
    this.#changed = options.changed;
    this.#listed = options.listed;
    this.#tokens = new TokenBucket(options.timing.readsPerSecond, options.timing.burstReads);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await this.#listing;
  }

  /** Lists the pods because one is not known. Whoever asks while a list is on its way gets the next. */
  async look(): Promise<boolean> {
    await this.#listing;
    this.#listing ??= this.#lookNow().finally(() => {
      this.#listing = undefined;
    });
    return this.#listing;
  }

  /** Nothing is looked for any more: that it was not found is nobody's problem now. */
  foundAll(): void {
    this.#problems.end(lookFor);
  }

  async #lookNow(): Promise<boolean> {
    if (performance.now() < this.#quietUntilMs) return false;
    // What the list does not have is not forgotten: the watch may know newer things.
    return typeof (await this.#list(lookFor)) === 'string';
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    const backOff = new BackOff(this.#timing.firstPauseMs, this.#timing.maxPauseMs);
    let version: string | undefined;
    while (!signal.aborted) {
      if (version === undefined) {
        const outcome = await this.#listAll();
        if (typeof outcome === 'string') version = outcome;
        else await this.#pause.wait(this.#pauseMs(outcome, backOff), signal);
        continue;
      }
      const begunMs = performance.now();
      const outcome: string | Failure = await this.#watch(version);
      // A list alone resets nothing: a server that answers each watch with "expired" would be listed without a pause.
      const wasLong = performance.now() - begunMs >= shortestWatchMs;
      if (wasLong) backOff.reset();
      if (typeof outcome === 'string') version = outcome;
      else if (outcome.expired) version = undefined;
      if (typeof outcome !== 'string' || !wasLong) {
        const failure = typeof outcome === 'string' ? { refused: false } : outcome;
        await this.#pause.wait(this.#pauseMs(failure, backOff), signal);
      }
    }
  }

  #pauseMs({ refused, quietMs = 0 }: Failure, backOff: BackOff): number {
    return Math.max(refused ? this.#timing.parkMs : backOff.next(), quietMs);
  }

  async #listAll(): Promise<string | Failure> {
    const seen = new Set<string>();
    const outcome = await this.#list(list, seen);
    if (typeof outcome === 'string') {
      this.#cache.keepOnly(seen);
      this.#listed();
    }
    return outcome;
  }

  /** Returns the version that a watch goes on from. */
  async #list(about: string, seen?: Set<string>): Promise<string | Failure> {
    let next: string | undefined;
    const perPage = this.#perPage;
    for (let page = 0; page * perPage < maxPods; page++) {
      const answer = await this.#page(about, perPage, next);
      if ('refused' in answer) return answer;
      for (const pod of answer.pods) {
        this.#cache.put(pod);
        seen?.add(pod.uid);
        this.#changed();
      }
      if (answer.next === undefined) {
        this.#problems.end(about, 'the pods of this node are known');
        return answer.resourceVersion;
      }
      if (answer.next === next) break;
      next = answer.next;
    }
    this.#problems.meet(
      about,
      `the Kubernetes API server's list of this node's pods has no end: more than ${maxPods} are not named`,
    );
    return { refused: true };
  }

  async #page(
    about: string,
    limit: number,
    next: string | undefined,
  ): Promise<ApiPodList | Failure> {
    const path = `/api/v1/pods?${this.#selector}&limit=${limit}`;
    await this.#pause.wait(this.#tokens.take(), this.#stopping.signal);
    try {
      const response = await this.#client.request({
        method: 'GET',
        path: next === undefined ? path : `${path}&continue=${encodeURIComponent(next)}`,
        signal: this.#stopping.signal,
        timeoutMs: this.#timing.requestTimeoutMs,
        maxBytes: maxPageBytes,
      });
      const meaning = meaningOf(response, list, podList);
      if (meaning.kind === 'done') return meaning.object;
      // The list took so long that the server has forgotten its beginning.
      if (response.status === 410) return { refused: false };
      return this.#failed(about, meaning);
    } catch (error) {
      if (error instanceof TransportError && error.code === tooLarge)
        this.#perPage = Math.max(1, Math.trunc(limit / 4));
      return this.#unreachable(about, error);
    }
  }

  async #watch(from: string): Promise<string | Failure> {
    const { watchMs, watchGraceMs, requestTimeoutMs } = this.#timing;
    const seconds = Math.max(1, Math.round(watchMs / 1000));
    const path = `/api/v1/pods?${this.#selector}&watch=true&allowWatchBookmarks=true&timeoutSeconds=${seconds}&resourceVersion=${encodeURIComponent(from)}`;
    const overdue = AbortSignal.timeout(watchMs + watchGraceMs);
    let version = from;
    try {
      const signal = AbortSignal.any([this.#stopping.signal, overdue]);
      const answer = await this.#client.watch(path, signal, requestTimeoutMs);
      if ('refused' in answer) return this.#refused(answer.refused);
      // From here on it is as good as before: behind a load balancer that cuts connections no watch ends well.
      this.#problems.end(watch, 'the pods of this node are watched');
      for await (const object of answer.lines) {
        const line = readWatchLine(object);
        if (line === undefined) return this.#failed(watch, { kind: 'retry', reason: notAWatch });
        if (line.type === 'ERROR') return this.#watchEnded(line);
        version = line.resourceVersion ?? version;
        this.#apply(line);
      }
      return version;
    } catch (error) {
      // What happened meanwhile is asked for by the next watch; a silent connection is no problem of the server's.
      if (overdue.aborted || version !== from) return version;
      return this.#unreachable(watch, error);
    }
  }

  #apply({ type, pod }: WatchLine): void {
    if (pod === undefined) return;
    if (type === 'DELETED') this.#cache.remove(pod.uid);
    if (type !== 'ADDED' && type !== 'MODIFIED') return;
    this.#cache.put(pod);
    this.#changed();
  }

  #refused(response: Parameters<typeof meaningOf>[0]): Failure {
    if (response.status === 410) return { refused: false, expired: true };
    return this.#failed(watch, meaningOf(response, watch, noObject));
  }

  /** By an error among its lines, which is an answer of its own. */
  #watchEnded({ status }: WatchLine): Failure {
    const response = { status: status?.code ?? 500, body: status, contentType: 'a watch' };
    return { ...this.#refused(response), expired: true };
  }

  #failed(what: string, meaning: Meaning): Failure {
    const reason = 'reason' in meaning ? meaning.reason : `the server could not ${what}`;
    this.#problems.meet(what, reason);
    const afterMs = meaning.kind === 'retry' ? (meaning.afterMs ?? 0) : 0;
    const quietMs = Math.min(afterMs, this.#timing.maxRetryAfterMs);
    this.#quietUntilMs = performance.now() + quietMs;
    return { refused: meaning.kind === 'refused', quietMs };
  }

  #unreachable(what: string, error: unknown): Failure {
    if (this.#stopping.signal.aborted) return { refused: false };
    if (!(error instanceof TransportError)) throw error;
    this.#problems.meet(what, error.message);
    return { refused: false };
  }
}

const notAWatch =
  'what the agent watches pods by is not the Kubernetes API server: look what stands between the two';
