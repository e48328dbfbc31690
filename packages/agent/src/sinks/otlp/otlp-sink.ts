import type { Journal, JournalledKill, Sink, SinkHealth } from '@oomwatcher/journal';
import { BackOff, Follower, numberIn, type PositionTable, readRows } from '@oomwatcher/journal';
import { timeMsOf } from '@oomwatcher/oom';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { Collector, NotTaken } from './collector.js';
import { logRecordOf } from './log-record.js';

export interface OtlpOptions {
  /** Of the collector, as http://127.0.0.1:4318; with a path it is taken as it is. */
  url: string;
  version: string;
  node: string;
  /** Kills from before the agent's very first start are sent if they are younger, ms; default an hour. */
  lookbackMs?: number;
  /** How long a pod's kill waits for the pod's name, ms; default 0. */
  nameWaitMs?: number;
  /** The first wait after a failure, ms; it doubles up to a minute, less by chance. Default 1 s. */
  retryMs?: number;
  /** For one attempt, ms; default 10 s. */
  timeoutMs?: number;
  /** Says what people must know, in one sentence. */
  report?: (sentence: string) => void;
}

const recordsAtOnce = 100;
const longestRetryMs = 60_000;
const stopMs = 4000;

/** After so many failures in a row it is looked whether it is one record's fault: a firewall may dislike a name in it. */
const failuresUntilDoubt = 8;

/** That records are given up is reported so often at most. */
const reportAgainMs = 60_000;

/** The row of the journal up to which the collector has every kill. */
export const deliveredTo: PositionTable = {
  read: (db) => readRows(db, 'SELECT row FROM otlp_position', [], ({ row }) => numberIn(row))[0],
  save: (db, row) => {
    db.prepare('INSERT OR REPLACE INTO otlp_position (id, row) VALUES (1, ?)').run(row);
  },
};

/**
 * Sends every kill as a log record to an OpenTelemetry collector (OTLP over HTTP), in the order of the journal, until
 * the collector has taken it. The position is the sink's own; a record is sent twice only where the collector took it
 * and its answer was lost. A record that can never be taken is given up and does not hold up those behind it: one that
 * is refused alone, in a collector's own word, or before and after the next one is taken.
 */
export class OtlpSink implements Sink {
  readonly name = 'otlp';
  readonly #options: Required<OtlpOptions>;
  readonly #collector: Collector;
  readonly #resource;
  readonly #backOff: BackOff;
  readonly #follower: Follower;
  #sending: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = true;
  /** The collector has failed, and is left alone until the timer. */
  #resting = false;
  #failures = 0;
  #failuresInRow = 0;
  #givenUp = 0;
  #givenUpReportedMs = Number.NEGATIVE_INFINITY;
  /** Fewer after a batch that was refused, and twice as many after each that was taken. */
  #atOnce = recordsAtOnce;
  #failure: string | undefined;
  #lastSuccessMs: number | undefined;

  constructor(journal: Journal, options: OtlpOptions) {
    this.#options = {
      lookbackMs: 60 * 60_000,
      nameWaitMs: 0,
      retryMs: 1000,
      timeoutMs: 10_000,
      report: () => {},
      ...options,
    };
    const { url, timeoutMs, node, version, retryMs } = this.#options;
    this.#backOff = new BackOff(retryMs, longestRetryMs);
    this.#collector = new Collector(url, timeoutMs);
    this.#resource = resourceFromAttributes({
      'service.name': 'oomwatcher',
      'service.version': version,
      'host.name': node,
    });
    this.#follower = new Follower(journal, {
      position: deliveredTo,
      nameWaitMs: this.#options.nameWaitMs,
      wake: () => this.wake(),
    });
  }

  start(): void {
    this.#stopped = false;
    this.#follower.start();
    this.wake();
  }

  wake(): void {
    // After a failure it is its own clock that wakes it.
    if (this.#stopped || this.#sending !== undefined || this.#resting) return;
    this.#sending = this.#send().finally(() => {
      this.#sending = undefined;
    });
  }

  health(): SinkHealth {
    const { lag, skipped, oldestPendingMs } = this.#follower;
    return {
      ok: this.#failure === undefined,
      ...(this.#failure !== undefined && { reason: this.#failure }),
      lag,
      failures: this.#failures,
      skipped,
      givenUp: this.#givenUp,
      ...(this.#lastSuccessMs !== undefined && { lastSuccessMs: this.#lastSuccessMs }),
      ...(oldestPendingMs !== undefined && { oldestPendingMs }),
    };
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#follower.stop();
    clearTimeout(this.#timer);
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, stopMs);
    await Promise.race([late.promise, this.#sending]);
    clearTimeout(timer);
    this.#collector.close();
  }

  /** Until the collector has everything, or does not take it. */
  async #send(): Promise<void> {
    // Who wakes it is in the middle of something.
    await Promise.resolve();
    while (!this.#stopped) {
      const ready = this.#follower.ready(this.#follower.next(this.#atOnce));
      if (ready.length === 0) return;
      try {
        await this.#export(ready.filter((kill) => this.#isWanted(kill)));
      } catch (error) {
        if (!(error instanceof NotTaken)) throw error;
        this.#failures++;
        this.#failuresInRow++;
        if (await this.#goesOnAfter(error, ready)) continue;
        return this.#failed(error);
      }
      this.#taken(ready);
    }
  }

  /** Whether the refused records can be sent in another way, or are given up. */
  async #goesOnAfter({ fault }: NotTaken, refused: readonly JournalledKill[]): Promise<boolean> {
    if (fault === 'collector' && this.#failuresInRow < failuresUntilDoubt) return false;
    if (refused.length > 1) {
      this.#atOnce = Math.ceil(refused.length / 2);
      return true;
    }
    if (fault === 'final') {
      this.#giveUp(1);
      this.#taken(refused);
      return true;
    }
    const both = this.#follower.ready(this.#follower.next(2));
    // The journal has forgotten it meanwhile: there is nothing to doubt.
    if (both[0]?.row !== refused[0]?.row) return true;
    // Nothing wanted would prove nothing.
    const [first, second] = both.filter((kill) => this.#isWanted(kill));
    if (first === undefined || second === undefined || !(await this.#takes(second))) return false;
    if (!(await this.#takes(first))) this.#giveUp(1);
    this.#taken(both);
    return true;
  }

  async #takes(kill: JournalledKill): Promise<boolean> {
    try {
      await this.#export([kill]);
      return true;
    } catch (error) {
      if (!(error instanceof NotTaken)) throw error;
      return false;
    }
  }

  #giveUp(records: number): void {
    if (records === 0) return;
    this.#givenUp += records;
    const nowMs = performance.now();
    if (nowMs - this.#givenUpReportedMs < reportAgainMs) return;
    this.#givenUpReportedMs = nowMs;
    this.#options.report(
      `${this.#collector.address} will never take ${this.#givenUp === 1 ? 'a log record' : `${this.#givenUp} log records`} of this agent's: given up, the kills stay in the journal; its own log says why`,
    );
  }

  /** @throws NotTaken */
  async #export(kills: readonly JournalledKill[]): Promise<void> {
    if (kills.length === 0) return;
    const records = kills.map((kill) => logRecordOf(kill, this.#resource));
    // What it rejects it will reject again (the protocol forbids to send it once more).
    this.#giveUp(await this.#collector.send(records));
  }

  #taken(kills: readonly JournalledKill[]): void {
    this.#follower.took(kills);
    this.#atOnce = Math.min(recordsAtOnce, 2 * this.#atOnce);
    this.#failure = undefined;
    this.#failuresInRow = 0;
    this.#backOff.reset();
    this.#lastSuccessMs = Date.now();
  }

  #failed({ message, afterMs }: NotTaken): void {
    this.#failure = `${this.#collector.address} does not take log records (${message}): check that a collector listens there for OTLP over HTTP`;
    this.#resting = true;
    this.#later(Math.max(afterMs, this.#backOff.next()));
  }

  #later(ms: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        this.#resting = false;
        this.wake();
      },
      Math.max(0, ms),
    ).unref();
  }

  #isWanted({ historic, kill, recordedMs }: JournalledKill): boolean {
    if (!historic) return true;
    return recordedMs - timeMsOf(kill, recordedMs) <= this.#options.lookbackMs;
  }
}
