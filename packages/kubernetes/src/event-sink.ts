// Long, because what each answer of the API server leads to is one table of cases, read side by side.

import {
  BackOff,
  Follower,
  type Journal,
  type JournalChange,
  killById,
  recurrenceOf,
  type Sink,
  type SinkHealth,
} from '@oomwatcher/journal';
import { type Expected, type Meaning, meaningOf } from './answer.js';
import { isEvent } from './api-objects.js';
import { type ApiClient, type ApiResponse, TransportError } from './client.js';
import {
  type DerivationRules,
  DesiredEvents,
  derivedTo,
  type PendingEvent,
  type PendingHead,
} from './desired-events.js';
import { type EventObject, eventObject, eventPatch, type Reference } from './event-object.js';
import type { NodeIdentity } from './node.js';
import { Pause } from './pause.js';
import type { PodCache } from './pod-cache.js';
import type { Problem, Problems } from './problems.js';
import { podUidOf, type Subject } from './subjects.js';
import type { Timing } from './timing.js';
import { TokenBucket } from './token-bucket.js';

/** Kills that are derived in one transaction. */
const maxAtOnce = 256;

/** Subjects of a namespace whose next event is looked at; a node has some hundred pods. */
const maxSubjects = 256;

/** Whether a namespace has room again is looked at so often. */
const catchUpEveryMs = 100;

/** More failures with no success between them are the server's, not those of the subject that happens to be next. */
const maxSubjectFailures = 3;

const pruneEveryMs = 60_000;

/** What waits for too long is looked for so often in an event's life. */
const looksInALife = 60;

/** The node's events, and those of pods whose names are not known, are in it. */
const nodeNamespace = 'default';

export interface EventSinkOptions {
  journal: Journal;
  client: ApiClient;
  node: NodeIdentity;
  pods: PodCache;
  rules: DerivationRules;
  timing: Timing;
  problems: Problems;
}

/**
 * Makes the events of the API server equal to the desired ones, which are derived from the journal. One request at a
 * time; what cannot be done now is tried again, what the server will never do is said once and put aside.
 *
 * Nothing is counted by adding to what the server has: every request says how it should be, under a name that comes
 * from the kills. So a request may be sent twice, and nobody needs to know whether the first one arrived.
 */
export class EventSink implements Sink {
  readonly name = 'kubernetes';
  readonly #journal: Journal;
  readonly #client: ApiClient;
  readonly #node: NodeIdentity;
  readonly #pods: PodCache;
  readonly #timing: Timing;
  readonly #desired: DesiredEvents;
  readonly #follower: Follower;
  readonly #problems: Problems;
  readonly #tokens: TokenBucket;
  readonly #pause = new Pause();
  readonly #backOff: BackOff;
  readonly #stopping = new AbortController();
  /** Of subjects whose last request failed. */
  readonly #subjectBackOffs = new Map<Subject, Paused>();
  /** Of namespaces: a policy or a webhook of one is nobody else's problem. */
  readonly #namespaceBackOffs = new Map<string, Paused>();
  /** How much of an event the server had when it was first seen to wait for more, and when that was. */
  readonly #waitingSince = new Map<number, { settled: number; sinceMs: number }>();
  /** The latest, and the latest in another namespace than that one. */
  #successes: { namespace: string; atMs: number }[] = [];
  #lookedMs = performance.now();
  #caughtUpMs = 0;
  /** When a namespace last had its turn. */
  readonly #turns = new Map<string, number>();
  /** When a combined event was last sent, by its number. */
  readonly #sentMs = new Map<number, number>();
  /** Of namespaces in which RBAC, a quota or a policy lets the agent create no event. */
  readonly #refusedUntilMs = new Map<string, number>();
  /** Nobody answered the last request. */
  #isAway = false;
  #pausedUntilMs = 0;
  #failuresInARow = 0;
  readonly #failedInARow = new Set<string>();
  #prunedMs = 0;
  #failures = 0;
  /** Of those that were left in the journal. */
  #skipped = 0;
  #givenUp = 0;
  #lastSuccessMs: number | undefined;
  #draining = false;
  #running: Promise<void> | undefined;

  constructor(options: EventSinkOptions) {
    this.#journal = options.journal;
    this.#client = options.client;
    this.#node = options.node;
    this.#pods = options.pods;
    this.#timing = options.timing;
    this.#tokens = new TokenBucket(options.timing.requestsPerSecond, options.timing.burstRequests);
    this.#desired = new DesiredEvents(options.journal.store, options.rules, (kill) =>
      options.journal.ageMs(kill),
    );
    this.#follower = new Follower(options.journal, {
      position: derivedTo,
      wake: (change) => this.#journalChanged(change),
    });
    this.#problems = options.problems;
    this.#backOff = this.#newBackOff();
  }

  start(): void {
    this.#follower.start();
    this.#running ??= this.#run();
  }

  wake(): void {
    this.#pause.wake();
  }

  /** The name of a pod will not be learned any more: what waits for it is given up. */
  podGone(podUid: string): void {
    const subject: Subject = `pod:${podUid}`;
    if (this.#desired.unnamed().some((unnamed) => unnamed.subject === subject))
      this.#giveUp(subject);
  }

  health(): SinkHealth {
    // A tenant whose namespace takes no events must not make the agent one that is not ready.
    const own = this.#problems.current.filter((problem) => this.#isNamespacesOwn(problem));
    const others = this.#problems.current.filter((problem) => !this.#isNamespacesOwn(problem));
    const namespaces = own.flatMap(({ about }) => namespaceIn(about) ?? []);
    const { kills, oldestMs } = this.#desired.backlog(namespaces);
    const reason = (others[0] ?? own[0])?.sentence;
    return {
      ok: others.length === 0,
      ...(reason !== undefined && { reason }),
      lag: kills + this.#follower.lag,
      failures: this.#failures,
      skipped: this.#follower.skipped + this.#skipped,
      givenUp: this.#givenUp,
      ...(this.#lastSuccessMs !== undefined && { lastSuccessMs: this.#lastSuccessMs }),
      ...(oldestMs !== undefined && { oldestPendingMs: oldestMs }),
    };
  }

  /** Others take events meanwhile. */
  #isNamespacesOwn({ about, sinceMs }: Problem): boolean {
    const namespace = namespaceIn(about);
    if (namespace === undefined) return false;
    const [latest, other] = this.#successes;
    const success = latest?.namespace === namespace ? other : latest;
    return success !== undefined && success.atMs > sinceMs;
  }

  /** Delivers what can be delivered at once, for some seconds at most. */
  async stop(): Promise<void> {
    this.#draining = true;
    const limit = setTimeout(() => this.#stopping.abort(), this.#timing.drainMs);
    this.#pause.wake();
    await this.#running;
    clearTimeout(limit);
    this.#stopping.abort();
    this.#follower.stop();
  }

  #journalChanged(change?: JournalChange): void {
    if (change?.kind === 'completed') for (const kill of change.kills) this.#desired.complete(kill);
    this.#pause.wake();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      this.#derive();
      this.#namePods();
      this.#giveUpOld();
      if (performance.now() - this.#caughtUpMs >= catchUpEveryMs) this.#catchUp();
      const next = this.#next();
      // Before it waits: what has room by now is due at once.
      if (next.event === undefined && this.#catchUp()) continue;
      if (next.event !== undefined) {
        if (!(await this.#token())) return;
        await this.#bring(next.event);
      } else if (this.#draining && next.inMs === undefined) {
        return;
      } else {
        await this.#pause.wait(next.inMs, signal);
      }
    }
  }

  /** The journal is the queue: while too much waits here, more is left there. */
  #derive(): void {
    const nowMs = this.#journal.steadyMs();
    for (;;) {
      const kills = this.#follower.ready(this.#follower.next(maxAtOnce));
      if (kills.length === 0 || this.#desired.isFull) break;
      let givenUp = 0;
      this.#follower.took(kills, (db) => {
        givenUp = this.#desired.derive(db, kills, nowMs);
      });
      this.#givenUp += givenUp;
    }
    if (nowMs - this.#prunedMs < pruneEveryMs) return;
    this.#prunedMs = nowMs;
    this.#desired.prune(nowMs);
    for (const [number, ms] of this.#sentMs)
      if (performance.now() - ms > this.#timing.coalesceMs) this.#sentMs.delete(number);
  }

  /** What was left in the journal for namespaces that have room again. Returns whether there was something. */
  #catchUp(): boolean {
    const nowMs = this.#journal.steadyMs();
    this.#caughtUpMs = performance.now();
    let derived = this.#desired.catchUp(nowMs);
    const isSome = derived !== undefined;
    for (; derived !== undefined; derived = this.#desired.catchUp(nowMs)) {
      this.#skipped += derived.skipped;
      this.#givenUp += derived.givenUp;
    }
    return isSome;
  }

  /**
   * What nobody has taken for an event's life is given up: its hour would be over. By the time of this process, for the
   * clock may be set.
   */
  #giveUpOld(): void {
    const now = performance.now();
    const lifeMs = this.#timing.eventLifeMs;
    if (now < this.#lookAgainMs) return;
    this.#lookedMs = now;
    const there = new Set<number>();
    for (const { number, settled } of this.#desired.waiting()) {
      there.add(number);
      const since = this.#waitingSince.get(number);
      if (since === undefined || since.settled !== settled)
        this.#waitingSince.set(number, { settled, sinceMs: now });
      else if (now - since.sinceMs >= lifeMs)
        this.#givenUp += this.#desired.giveUpEvent({ number });
    }
    for (const number of this.#waitingSince.keys())
      if (!there.has(number)) this.#waitingSince.delete(number);
  }

  #namePods(): void {
    for (const { subject, newestMs } of this.#desired.unnamed()) {
      const pod = this.#pods.find(podUidOf(subject) ?? '');
      if (pod !== undefined) this.#desired.name(subject, pod);
      else if (this.#journal.steadyMs() - newestMs > this.#timing.namingLifeMs)
        this.#giveUp(subject);
    }
  }

  /** The event that is due, else in how many milliseconds one may be; neither: when something happens. */
  #next(): { event?: PendingEvent; inMs?: number } {
    const now = performance.now();
    // One moment for both questions: an event must not fall between "not yet" and "not any more".
    const wallMs = this.#journal.steadyMs();
    let nextMs = Number.POSITIVE_INFINITY;
    // What has failed comes after what has not been tried.
    let again: PendingHead | undefined;
    let first: PendingHead | undefined;
    const paused = this.#pausedNamespaces(now);
    for (const untilMs of paused.values()) nextMs = Math.min(nextMs, untilMs);
    for (const head of this.#desired.heads(wallMs, maxSubjects, [...paused.keys()])) {
      const dueMs = Math.max(this.#pausedUntilMs, this.#dueMs(head));
      if (dueMs > now) nextMs = Math.min(nextMs, dueMs);
      else if (this.#subjectBackOffs.has(head.subject)) again = this.#longerWithout(again, head);
      else first = this.#longerWithout(first, head);
    }
    const due = first ?? again;
    if (due !== undefined) {
      this.#turns.set(due.namespace ?? nodeNamespace, now);
      return { event: this.#desired.event(due) };
    }
    const parkedMs = this.#desired.nextParkedMs(wallMs);
    if (parkedMs === undefined) this.#endInvalid();
    if (this.#endIdleProblems()) nextMs = Math.min(nextMs, this.#lookAgainMs);
    if (parkedMs !== undefined) nextMs = Math.min(nextMs, now + parkedMs - wallMs);
    if (this.#draining && nextMs - now > this.#timing.drainMs) return {};
    return Number.isFinite(nextMs) ? { inMs: Math.max(0, nextMs - now) } : {};
  }

  /** Namespaces take turns: the one that was asked longest ago is next, and in it the oldest event. */
  #longerWithout(one: PendingHead | undefined, other: PendingHead): PendingHead {
    const turn = ({ namespace = nodeNamespace }: PendingHead) => this.#turns.get(namespace) ?? 0;
    return one !== undefined && turn(one) <= turn(other) ? one : other;
  }

  /** Nothing of them can be sent now, and when that may be over. */
  #pausedNamespaces(now: number): Map<string, number> {
    const paused = new Map<string, number>();
    for (const [namespace, { untilMs }] of this.#namespaceBackOffs)
      if (untilMs > now) paused.set(namespace, untilMs);
    for (const [namespace, untilMs] of this.#refusedUntilMs) {
      if (untilMs > now) paused.set(namespace, Math.max(untilMs, paused.get(namespace) ?? 0));
      else this.#refusedUntilMs.delete(namespace);
    }
    return paused;
  }

  /**
   * A problem is one as long as something waits for its end: a namespace that was deleted is nobody's any more. Returns
   * whether something waits.
   */
  #endIdleProblems(): boolean {
    const namespaces = new Set(this.#desired.waiting().map(({ namespace }) => namespace));
    if (namespaces.size === 0) this.#problems.end('server');
    for (const { about } of this.#problems.current) {
      const namespace = namespaceIn(about);
      if (namespace !== undefined && !namespaces.has(namespace)) this.#problems.end(about);
    }
    for (const namespace of this.#namespaceBackOffs.keys())
      if (!namespaces.has(namespace)) this.#namespaceBackOffs.delete(namespace);
    for (const namespace of this.#turns.keys())
      if (!namespaces.has(namespace)) this.#turns.delete(namespace);
    return namespaces.size > 0;
  }

  #endInvalid(): void {
    for (const { about } of this.#problems.current)
      if (about === invalidIn(namespaceIn(about) ?? '')) this.#problems.end(about);
  }

  /** When what waits for too long is looked for again. */
  get #lookAgainMs(): number {
    return this.#lookedMs + this.#timing.eventLifeMs / looksInALife;
  }

  #dueMs({ number, subject }: PendingHead): number {
    const sentMs = this.#draining ? undefined : this.#sentMs.get(number);
    return Math.max(
      this.#subjectBackOffs.get(subject)?.untilMs ?? 0,
      sentMs === undefined ? 0 : sentMs + this.#timing.coalesceMs,
    );
  }

  async #token(): Promise<boolean> {
    const waitMs = this.#tokens.take();
    if (waitMs > 0) await new Pause().wait(waitMs, this.#stopping.signal);
    return !this.#stopping.signal.aborted;
  }

  /** A node's kills are of many workloads. */
  #counted(event: PendingEvent): PendingEvent {
    if (event.pod === undefined) return event;
    const { kill, lastMs } = event;
    const recurrence = this.#journal.store.read((db) =>
      recurrenceOf(db, killById(db, kill.id) ?? { kill, recordedMs: lastMs }),
    );
    return { ...event, ...(recurrence !== undefined && { recurrence }) };
  }

  /** Makes the server have this event as it should be. */
  async #bring(event: PendingEvent): Promise<void> {
    try {
      const reference = await this.#reference(event);
      const object = eventObject(this.#counted(event), reference, this.#node.name);
      this.#sentMs.set(event.number, performance.now());
      if (event.created) await this.#patch(event, object, true);
      else await this.#create(event, object, true);
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      if (!(error instanceof TransportError)) throw error;
      this.#isAway = true;
      this.#failed(event, error.message, error.afterMs);
    }
  }

  /** @param mayPatch false: it was not there a moment ago */
  async #create(event: PendingEvent, object: EventObject, mayPatch: boolean): Promise<void> {
    const { namespace } = object.metadata;
    const what = asked('create', namespace);
    const meaning = meaningOf(
      await this.#request('POST', eventsPath(namespace), object, 'application/json'),
      what,
      theEvent(201, object),
    );
    if (meaning.kind === 'done') return this.#settled(event);
    if (meaning.kind !== 'exists') return this.#refusedOrFailed(event, what, meaning);
    // It is this agent's own, of an earlier life or a request whose answer was lost: it reports one kill and is right.
    if (event.victims === undefined) return this.#settled(event);
    this.#desired.settle({ number: event.number, count: 0 });
    if (mayPatch && (await this.#token())) return this.#patch(event, object, false);
    this.#failed(event, `the event ${object.metadata.name} comes and goes`);
  }

  async #patch(event: PendingEvent, object: EventObject, mayCreate: boolean): Promise<void> {
    const { namespace, name } = object.metadata;
    const what = asked('patch', namespace);
    const path = `${eventsPath(namespace)}/${name}`;
    const meaning = meaningOf(
      await this.#request('PATCH', path, eventPatch(object), 'application/merge-patch+json'),
      what,
      theEvent(200, object),
    );
    if (meaning.kind === 'done') return this.#settled(event);
    if (meaning.kind !== 'missing') return this.#refusedOrFailed(event, what, meaning);
    // The server forgets events after an hour.
    if (mayCreate && (await this.#token())) return this.#create(event, object, false);
    this.#failed(event, `the event ${name} comes and goes`);
  }

  #request(
    method: 'POST' | 'PATCH',
    path: string,
    body: unknown,
    contentType: string,
  ): Promise<ApiResponse> {
    const { requestTimeoutMs: timeoutMs } = this.#timing;
    const { signal } = this.#stopping;
    return this.#client.request({ method, path, body, contentType, signal, timeoutMs });
  }

  /** @throws TransportError when the Node's UID cannot be asked for */
  async #reference({ subject, pod, container }: PendingEvent): Promise<Reference> {
    const uid = podUidOf(subject);
    if (uid === undefined || pod === undefined) {
      if (this.#node.isStale) await this.#token();
      const nodeUid = await this.#node.uid(this.#stopping.signal);
      return { kind: 'Node', name: this.#node.name, uid: nodeUid };
    }
    return {
      kind: 'Pod',
      ...pod,
      uid,
      ...(container !== undefined && {
        fieldPath: `spec.${this.#pods.listOf(uid, container)}{${container}}`,
      }),
    };
  }

  #settled(event: PendingEvent): void {
    this.#desired.settle(event);
    this.#lastSuccessMs = Date.now();
    const success = { namespace: namespaceOf(event), atMs: performance.now() };
    const before = this.#successes.find(({ namespace }) => namespace !== success.namespace);
    this.#successes = [success, ...(before === undefined ? [] : [before])];
    this.#isAway = false;
    this.#backOff.reset();
    if (this.#failuresInARow > maxSubjectFailures) this.#forgetPauses();
    this.#failuresInARow = 0;
    this.#failedInARow.clear();
    this.#subjectBackOffs.delete(event.subject);
    this.#namespaceBackOffs.delete(namespaceOf(event));
    this.#problems.end('server', 'the Kubernetes API server takes events again');
    for (const verb of ['create', 'patch'] as const)
      this.#problems.end(asked(verb, event.pod?.namespace), 'events may be written again');
  }

  #refusedOrFailed(event: PendingEvent, what: string, meaning: Meaning): void {
    const untilMs = this.#timing.parkMs;
    switch (meaning.kind) {
      case 'namespace gone':
        this.#giveUp(event.subject);
        return;
      case 'refused':
        this.#failures++;
        this.#problems.meet(what, meaning.reason);
        if (what.startsWith('create')) {
          this.#refusedUntilMs.set(namespaceOf(event), performance.now() + untilMs);
        } else {
          this.#desired.park(event, this.#journal.steadyMs() + untilMs);
        }
        return;
      case 'retry':
        if (this.#isAway) this.#isBack();
        this.#failed(event, meaning.reason, meaning.afterMs);
        return;
      default:
        this.#putAside(event, 'reason' in meaning ? meaning.reason : `${what}: ${meaning.kind}`);
    }
  }

  /** It answers, if only with a no: the long pauses were for one that does not. */
  #isBack(): void {
    this.#isAway = false;
    this.#backOff.reset();
    this.#forgetPauses();
  }

  #forgetPauses(): void {
    this.#subjectBackOffs.clear();
    this.#namespaceBackOffs.clear();
  }

  #giveUp(subject: Subject): void {
    this.#givenUp += this.#desired.giveUp(subject);
    this.#subjectBackOffs.delete(subject);
  }

  /** The server does not take this event; others may be taken. */
  #putAside(event: PendingEvent, reason: string): void {
    this.#failures++;
    this.#problems.meet(invalidIn(namespaceOf(event)), reason);
    if (Date.now() - event.lastMs < this.#timing.eventLifeMs)
      this.#desired.park(event, this.#journal.steadyMs() + this.#timing.parkMs);
    else this.#desired.settle(event, false);
  }

  #failed(event: PendingEvent, reason: string, afterMs = 0): void {
    const { number, subject } = event;
    const namespace = namespaceOf(event);
    this.#failures++;
    // It was not brought up to date: the pause after a failure is another one.
    this.#sentMs.delete(number);
    this.#failuresInARow++;
    this.#failedInARow.add(namespace);
    const now = performance.now();
    // One namespace that fails may be its own problem; who is not there, or overloaded, is that to all.
    if (this.#isAway || afterMs > 0 || this.#failedInARow.size > 1) {
      const askedMs = Math.min(afterMs, this.#timing.maxRetryAfterMs);
      this.#pausedUntilMs = now + Math.max(askedMs, this.#backOff.next());
      this.#problems.meet('server', reason);
    } else {
      this.#pauseFor(this.#namespaceBackOffs, namespace);
      this.#problems.meet(asked(event.created ? 'patch' : 'create', namespace), reason);
    }
    this.#pauseFor(this.#subjectBackOffs, subject);
  }

  #pauseFor<T>(backOffs: Map<T, Paused>, key: T): void {
    const backOff = backOffs.get(key)?.backOff ?? this.#newBackOff();
    backOffs.set(key, { backOff, untilMs: performance.now() + backOff.next() });
  }

  #newBackOff(): BackOff {
    return new BackOff(this.#timing.firstPauseMs, this.#timing.maxPauseMs);
  }
}

function eventsPath(namespace: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/events`;
}

/** What is asked for, in words. */
function asked(verb: 'create' | 'patch', namespace = nodeNamespace): string {
  return `${verb} events in the namespace ${namespace}`;
}

/** Events that the server will not take as they are. */
function invalidIn(namespace: string): string {
  return `invalid events in the namespace ${namespace}`;
}

/** Of what was asked for. */
function namespaceIn(what: string): string | undefined {
  return /^(?:create|patch|invalid) events in the namespace (.+)$/.exec(what)?.[1];
}

function namespaceOf({ pod }: PendingEvent): string {
  return pod?.namespace ?? nodeNamespace;
}

/** The answer that says that the event is there as it was asked for. */
function theEvent(status: 200 | 201, { metadata }: EventObject): Expected<true> {
  return { status, read: (body) => isEvent(body, metadata) || undefined };
}

interface Paused {
  backOff: BackOff;
  untilMs: number;
}
