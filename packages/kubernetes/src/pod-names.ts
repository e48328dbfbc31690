import { setImmediate as turn } from 'node:timers/promises';
import type { Journal, JournalledKill } from '@oomwatcher/journal';
import { BackOff } from '@oomwatcher/journal';
import type { Kill } from '@oomwatcher/oom';
import { Pause } from './pause.js';
import type { PodCache } from './pod-cache.js';
import type { Timing } from './timing.js';

/** Kills whose names are looked for at one time; the oldest are given up. */
const maxWaiting = 10_000;

/** Names are written so many at once before something else has its turn. */
const maxAtOnce = 100;

interface Waiting {
  podUid: string;
  containerId: string | undefined;
  recordedMs: number;
  /** How much of the pod is written down. */
  known: number;
}

/**
 * Learns what the pods of recorded kills are called, and their specs' limits, when it was not known at once: the agent
 * started just then, the API server was away or had not heard of the pod (a static one's mirror comes after its start),
 * kubelet had not said yet which container it is. Writes it into the journal.
 */
export class PodNames {
  readonly #journal: Journal;
  readonly #cache: PodCache;
  readonly #look: () => Promise<boolean>;
  readonly #foundAll: () => void;
  readonly #timing: Timing;
  readonly #gone: (podUid: string) => void;
  readonly #waiting = new Map<string, Waiting>();
  readonly #pause = new Pause();
  readonly #stopping = new AbortController();
  #unsubscribe: () => void = () => {};
  #running: Promise<void> | undefined;

  constructor(options: {
    journal: Journal;
    cache: PodCache;
    /** Lists the pods; false: the API server did not give them. */
    look: () => Promise<boolean>;
    /** Nothing is looked for any more. */
    foundAll: () => void;
    timing: Timing;
    /** The pod's name will not be learned any more. */
    gone: (podUid: string) => void;
  }) {
    this.#journal = options.journal;
    this.#cache = options.cache;
    this.#look = options.look;
    this.#foundAll = options.foundAll;
    this.#timing = options.timing;
    this.#gone = options.gone;
  }

  start(): void {
    const sinceMs = Date.now() - this.#timing.namingLifeMs;
    this.#add(this.#journal.find({ sinceMs, limit: maxWaiting }).reverse());
    this.#unsubscribe = this.#journal.onChange(({ kind, kills }) => {
      if (kind === 'appended') this.#add(kills);
    });
    this.#running ??= this.#run();
  }

  /** Something is known of a pod. */
  podChanged(): void {
    if (this.#waiting.size > 0) this.#pause.wake();
  }

  async stop(): Promise<void> {
    this.#unsubscribe();
    this.#stopping.abort();
    await this.#running;
  }

  #add(kills: readonly JournalledKill[]): void {
    for (const { kill, recordedMs } of kills) {
      const { pod, container } = kill;
      if (pod === undefined || isWhole(pod, container?.id)) continue;
      this.#waiting.set(kill.id, {
        podUid: pod.uid,
        containerId: container?.id,
        recordedMs,
        known: partsOf(pod),
      });
      if (this.#waiting.size > maxWaiting)
        this.#waiting.delete(this.#waiting.keys().next().value as string);
    }
    if (this.#waiting.size > 0) this.#pause.wake();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    const { missPauseMs, goneAfterMs } = this.#timing;
    const backOff = new BackOff(missPauseMs, goneAfterMs / 2);
    let lookAgainMs = 0;
    while (!signal.aborted) {
      await this.#complete();
      const now = performance.now();
      if (this.#waiting.size === 0) {
        backOff.reset();
        this.#foundAll();
        await this.#pause.wait(undefined, signal);
      } else if (now < lookAgainMs) {
        await this.#pause.wait(lookAgainMs - now, signal);
      } else {
        const askedMs = Date.now();
        const isListed = await this.#look();
        await this.#complete();
        this.#giveUp(isListed ? askedMs : undefined);
        lookAgainMs = performance.now() + backOff.next();
      }
    }
  }

  /** Writes down what is known by now. */
  async #complete(): Promise<void> {
    let written = 0;
    for (const [id, waiting] of this.#waiting) {
      const { podUid, containerId } = waiting;
      const naming = this.#cache.naming(podUid, containerId);
      if (naming === undefined) continue;
      const { pod, runtime } = naming;
      const isListed = this.#cache.isListed(podUid);
      if (isWhole(pod, containerId, isListed)) this.#waiting.delete(id);
      if (partsOf(pod) <= waiting.known) continue;
      waiting.known = partsOf(pod);
      this.#journal.complete(id, pod, runtime);
      if (++written % maxAtOnce === 0) await turn();
      if (this.#stopping.signal.aborted) return;
    }
  }

  /** @param listedMs when a list was asked for that has come; undefined: none came */
  #giveUp(listedMs: number | undefined): void {
    const { goneAfterMs, namingLifeMs } = this.#timing;
    const nowMs = Date.now();
    for (const [id, { podUid, recordedMs }] of this.#waiting) {
      const isGone = listedMs !== undefined && listedMs - recordedMs >= goneAfterMs;
      if (!isGone && nowMs - recordedMs < namingLifeMs) continue;
      this.#waiting.delete(id);
      if (!this.#cache.has(podUid)) this.#gone(podUid);
    }
  }
}

/** Nothing more will be learned of it. `isListed`: what its spec has is there, if it is only nothing. */
function isWhole(
  { name, container, spec }: PodParts,
  containerId: string | undefined,
  isListed = false,
): boolean {
  const isNamed = name !== undefined && (containerId === undefined || container !== undefined);
  return isNamed && (spec !== undefined || isListed);
}

function partsOf({ name, container, spec }: PodParts): number {
  return [name, container, spec].filter((part) => part !== undefined).length;
}

type PodParts = Pick<NonNullable<Kill['pod']>, 'name' | 'container' | 'spec'>;
