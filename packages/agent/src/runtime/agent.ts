import { hostname } from 'node:os';
import { recurrenceWords } from '@oomwatcher/explain';
import {
  type AccountSinceBoot,
  account,
  Journal,
  type JournalOptions,
  recurrenceOf,
  type Sink,
  type StorageEvent,
} from '@oomwatcher/journal';
import { readBootId } from '@oomwatcher/kmsg';
import type { Kill } from '@oomwatcher/oom';
import {
  type MemoryHierarchy,
  readKernelKills,
  type Watcher,
  type WatchOptions,
  watch,
} from '@oomwatcher/watcher';
import { EventReporter, reportWitness } from '../output/event-reporter.js';
import type { Reporter } from '../output/reporter.js';
import { summarizeWatch } from '../output/summarize.js';
import { pacedCapture } from '../recording/paced-capture.js';
import { version } from '../version.js';
import { AccountKeeper } from './account-keeper.js';
import type { AgentState, ReaderState } from './agent-state.js';
import { CaptureIds, contentName } from './capture-ids.js';
import { type Enricher, enriched, ownerFrom } from './cgroup-owner.js';
import { untilDelivered } from './end-of-capture.js';
import { boundHeap } from './heap.js';
import { IdleMemory } from './idle-memory.js';
import { IsolatedSink } from './isolated-sink.js';
import { OtherPods } from './other-pods.js';
import { Recorder } from './recorder.js';
import { RunUps } from './run-ups.js';
import { storageNotice } from './storage-notice.js';

export interface AgentOptions {
  /** The folder of the journal. */
  stateDir: string;
  /** This machine's name; in a pod the host name is the pod's. Default: the host name. */
  nodeName?: string;
  /** Without `cursor`: the journal knows it. */
  watch: Pick<WatchOptions, 'source' | 'from' | 'witness' | 'witnessProgram'> & {
    capture?: string;
  };
  /** Where the cgroups of the node's pods are; default: where this machine has mounted them. */
  hierarchy?: MemoryHierarchy;
  /** Whether the minutes before kills are recorded; default not. Of a captured log nothing is. */
  recordsRunUps?: boolean;
  journal?: Omit<JournalOptions, 'report'>;
  /** The capture is shown as if it happened now. `stays`: also when it is over, until `stop`. */
  recording?: { origin: string; stays: boolean };
}

/** Something that runs beside the sinks, such as the HTTP server. */
export interface Service {
  start(): void | Promise<void>;
  stop(): Promise<void>;
}

/**
 * Everything that `oomwatcher run` starts and stops: the watch, the journal that records it, and whoever takes from the
 * journal. Add sinks and services, then `run` once.
 */
export class Agent {
  readonly journal: Journal;
  readonly watcher: Watcher;
  /** The boot that is watched; undefined: a captured log is replayed. */
  readonly bootId: string | undefined;
  readonly reporter: Reporter;
  readonly #options: AgentOptions;
  readonly #runUps: RunUps;
  readonly #otherPods: OtherPods | undefined;
  readonly #captureIds: CaptureIds | undefined;
  readonly #sinks: IsolatedSink[] = [];
  readonly #services: Service[] = [];
  readonly #enrichers: Enricher[] = [];
  readonly #stopping = new AbortController();
  #reader: ReaderState = { kind: 'starting' };

  /** @throws JournalTrouble when another agent has the folder; KmsgError when the log cannot be opened. */
  static async open(options: AgentOptions, reporter: Reporter): Promise<Agent> {
    boundHeap('what it reported is in its journal');
    const { capture } = options.watch;
    const name = capture === undefined ? undefined : await contentName(capture);
    return new Agent(options, reporter, name === undefined ? undefined : new CaptureIds(name));
  }

  private constructor(
    options: AgentOptions,
    reporter: Reporter,
    captureIds: CaptureIds | undefined,
  ) {
    this.#options = options;
    this.#captureIds = captureIds;
    this.reporter = reporter;
    this.bootId = captureIds === undefined ? readBootId() : undefined;
    const storage: StorageEvent[] = [];
    let report = (event: StorageEvent): void => void storage.push(event);
    this.journal = Journal.open(options.stateDir, {
      ...options.journal,
      report: (event) => report(event),
    });
    try {
      this.watcher = watch(this.#watchOptions());
    } catch (error) {
      this.journal.close();
      throw error;
    }
    this.#runUps = new RunUps(options.recordsRunUps === true && this.bootId !== undefined);
    this.#otherPods =
      this.bootId === undefined ? undefined : OtherPods.ofThisNode(options.hierarchy);
    reporter.notice({ kind: 'source', source: this.source.kind, reason: this.source.reason });
    reportWitness(this.watcher, reporter);
    this.#runUps.report(reporter);
    report = (event) => reporter.notice(storageNotice(event));
    storage.forEach(report);
  }

  /** Which reader of the log is live, and why, in one sentence. */
  get source(): Watcher['source'] {
    const { recording, watch } = this.#options;
    return recording === undefined
      ? this.watcher.source
      : { kind: this.watcher.source.kind, reason: `replay of ${watch.capture}` };
  }

  get sinks(): readonly Sink[] {
    return this.#sinks;
  }

  /** @param make makes the sink, and another one after a failure of it */
  addSink(name: string, make: () => Sink): IsolatedSink {
    const report = (sentence: string) =>
      this.reporter.notice({ kind: 'sink', sink: name, sentence });
    const sink = new IsolatedSink({ name, make, report });
    this.#sinks.push(sink);
    return sink;
  }

  addService(service: Service): void {
    this.#services.push(service);
  }

  /** Adds what is known of a kill at once, synchronously and from memory, before it is recorded. */
  enrichWith(enrich: Enricher): void {
    this.#enrichers.push(enrich);
  }

  /** Kills since boot, as the kernel counts them and as the journal has them; undefined for a captured log. */
  account(): AccountSinceBoot | undefined {
    const { bootId, journal } = this;
    return bootId === undefined
      ? undefined
      : account(bootId, journal.boot(bootId), readKernelKills());
  }

  /** What the agent says about itself while it runs. */
  get state(): AgentState {
    const { journal, watcher } = this;
    return {
      version,
      node: this.#options.nodeName ?? hostname(),
      startedMs: Math.round(performance.timeOrigin),
      source: this.source,
      recording: this.#options.recording?.origin,
      journal,
      sinks: this.#sinks,
      witness: () => watcher.witness,
      runUps: () => this.#runUps.state,
      ownerOf: (path) => ownerFrom(this.#enrichers, path),
      watchStats: () => watcher.stats(),
      account: () => this.account(),
      reader: () => this.#reader,
    };
  }

  /** Ends the run; idempotent. */
  readonly stop = (): void => {
    this.#stopping.abort();
    this.watcher.close();
  };

  /** Until `stop`, or the end of a captured log and its delivery. @throws KmsgError when the log fails. */
  async run(): Promise<void> {
    const unsubscribe = this.journal.onChange(() => {
      for (const sink of this.#sinks) sink.wake();
    });
    try {
      for (const service of this.#services) await service.start();
      for (const sink of this.#sinks) sink.start();
      this.journal.store.onRenumbering({
        before: async () => {
          await Promise.all(this.#sinks.map((sink) => sink.pause()));
        },
        after: () => {
          if (!this.#stopping.signal.aborted) for (const sink of this.#sinks) sink.start();
        },
      });
      await this.#record();
      summarizeWatch(this.watcher, this.#options.watch.capture, this.reporter);
      if (this.#captureIds !== undefined) {
        await untilDelivered(this.#sinks, this.reporter, this.#stopping.signal);
      }
      if (this.#options.recording?.stays) await this.#stay();
    } finally {
      this.stop();
      await Promise.allSettled([...this.#sinks, ...this.#services].map((part) => part.stop()));
      unsubscribe();
      this.#runUps.close();
      this.journal.close();
    }
  }

  async #stay(): Promise<void> {
    const { signal } = this.#stopping;
    if (signal.aborted) return;
    this.reporter.notice({ kind: 'recording-over' });
    // A signal's listener alone would not keep the process.
    const alive = setInterval(() => {}, 2 ** 31 - 1);
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    clearInterval(alive);
  }

  async #record(): Promise<void> {
    const { journal, watcher, bootId, reporter } = this;
    const { capture, from } = this.#options.watch;
    const eventReporter = new EventReporter(reporter, capture);
    if (bootId !== undefined && from === 'boot') this.#emitRecorded(bootId);
    const recorder = new Recorder({
      watcher,
      journal,
      bootId,
      emit: (event, isNewestOfWorkload) => {
        if (event.kind === 'watching') this.#reader = { kind: 'watching' };
        eventReporter.report(event, isNewestOfWorkload ? this.#oftenOf : undefined);
      },
      emitsHistory: from === 'boot',
      enrich: (kill) => this.#enrich(kill),
      keeper:
        bootId === undefined
          ? undefined
          : new AccountKeeper({ watcher, journal, bootId, kernelKills: readKernelKills }),
      onIdle: new IdleMemory().giveBack,
    });
    try {
      await recorder.run();
    } finally {
      this.#reader =
        this.#options.recording === undefined
          ? { kind: 'dead', reason: 'the watch has ended: start the agent again' }
          : { kind: 'watching' };
    }
  }

  #watchOptions(): WatchOptions {
    const { recording, watch } = this.#options;
    // Which source is live is a notice of its own.
    const asked = { ...watch, reports: true, acknowledges: true, warn: false as const };
    if (recording !== undefined && watch.capture !== undefined) {
      return { ...asked, capture: pacedCapture(watch.capture, this.#stopping.signal) };
    }
    const { bootId, journal } = this;
    const cursor = bootId === undefined ? undefined : journal.cursor(bootId);
    // The ring is always read from its start: what the journal has already is known by its ids.
    if (bootId === undefined || cursor === undefined) return { ...asked, from: 'boot' };
    return { ...asked, cursor, counts: journal.counts(bootId) };
  }

  /** How often its workload was killed, in words; not of a first kill, which would say nothing in twice the line. */
  readonly #oftenOf = (kill: Kill): string | undefined => {
    const recordedMs = this.journal.clock.wallMs();
    const recurrence = this.journal.store.read((db) => recurrenceOf(db, { kill, recordedMs }));
    if (recurrence === undefined) return undefined;
    const isFirst = recurrence.nth === 1 && !recurrence.yesterday;
    return isFirst ? undefined : recurrenceWords(recurrence);
  };

  #enrich(kill: Kill): Kill {
    const renamed = this.#captureIds?.rename(kill) ?? kill;
    const recorded = this.#runUps.addTo(renamed);
    return enriched(this.#enrichers, this.#otherPods?.addTo(recorded) ?? recorded);
  }

  /** Kills of this boot that an earlier run has recorded. */
  #emitRecorded(bootId: string): void {
    const page = 1000;
    for (let row = 0; ; ) {
      const kills = this.journal.after(row, page);
      for (const { kill } of kills) if (kill.bootId === bootId) this.reporter.kill(kill);
      if (kills.length < page) return;
      row = kills.at(-1)?.row as number;
    }
  }
}
