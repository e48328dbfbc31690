import { printable } from '@oomwatcher/explain';
import { BackOff, type Sink, type SinkHealth } from '@oomwatcher/journal';
import { readableStack } from '../output/readable-stack.js';
import { runningSink } from './running-sink.js';

/** One that has worked for so long is well again. */
const steadyMs = 30_000;

const firstPauseMs = 1_000;
const maxPauseMs = 60_000;

/** A trouble that comes again and again is reported so often at most. */
const reportAgainMs = 60_000;

/** What stop() of a sink may take, by its contract. */
const stopMs = 5_000;

const maxReasonLength = 400;

export interface IsolatedSinkOptions {
  name: string;
  /** Makes one, and another one after a failure: it goes on from what it has in the journal. */
  make: () => Sink;
  /** Says what people must know, in one sentence. */
  report: (sentence: string) => void;
  /** All made shorter by so much, for tests; default 1. */
  haste?: number;
}

/**
 * A sink that can end nobody but itself. Whatever one of its methods, timers or promises throws is its own trouble: it is
 * reported, the sink is made anew after a pause, and health is not ok meanwhile. The reader, the journal and the other sinks
 * go on; a process that ended for it would not read the log, which is what it is for.
 */
export class IsolatedSink implements Sink {
  readonly name: string;
  readonly #make: () => Sink;
  readonly #report: (sentence: string) => void;
  readonly #haste: number;
  readonly #backOff: BackOff;
  #sink: Sink | undefined;
  #stopped = true;
  #beganMs = 0;
  #failure: string | undefined;
  #failures = 0;
  #reportedMs = Number.NEGATIVE_INFINITY;
  #retry: NodeJS.Timeout | undefined;
  readonly #ending = new Set<Promise<void>>();
  /** Of the sink that works, as it last reported it. */
  #last: SinkHealth = { ok: true, lag: 0, failures: 0, skipped: 0 };
  /** Of those before it. */
  #before = { failures: 0, skipped: 0, givenUp: 0 };

  constructor({ name, make, report, haste = 1 }: IsolatedSinkOptions) {
    this.name = name;
    this.#make = make;
    this.#report = report;
    this.#haste = haste;
    this.#backOff = new BackOff(firstPauseMs / haste, maxPauseMs / haste);
  }

  start(): void {
    this.#stopped = false;
    this.#begin();
  }

  wake(): void {
    this.guard(() => this.#sink?.wake(), undefined);
  }

  health(): SinkHealth {
    const reported = this.guard(() => this.#sink?.health(), undefined);
    if (reported !== undefined) this.#last = reported;
    const { failures, skipped, givenUp = 0 } = this.#last;
    if (this.#isSteady) this.#failure = undefined;
    const reason = this.#failure ?? this.#last.reason;
    return {
      ...this.#last,
      ok: this.#failure === undefined && this.#last.ok,
      ...(reason !== undefined && { reason }),
      // While there is none nobody knows better than that something may wait.
      lag: this.#sink === undefined ? Math.max(1, this.#last.lag) : this.#last.lag,
      failures: this.#failures + this.#before.failures + failures,
      skipped: this.#before.skipped + skipped,
      givenUp: this.#before.givenUp + givenUp,
    };
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#retry);
    // Those that have failed too: the journal is closed after it.
    await Promise.all([this.#end(this.#sink), ...this.#ending]);
  }

  /** Until `start`, which makes another one: it goes on from what is in the journal then. */
  async pause(): Promise<void> {
    this.health();
    await this.stop();
    this.#sink = undefined;
    this.#keepCounts();
  }

  /** What the sink does for somebody else, or `instead` where it throws. */
  guard<T>(use: () => T, instead: T): T {
    try {
      return runningSink.run(this, use);
    } catch (error) {
      this.failed(error);
      return instead;
    }
  }

  /** Its code threw this. */
  failed(error: unknown): void {
    if (this.#isSteady) this.#backOff.reset();
    this.#failures++;
    const sink = this.#sink;
    // What one that was left behind still throws changes nothing.
    const pauseMs =
      sink === undefined && this.#retry !== undefined ? undefined : this.#backOff.next();
    this.#failure = reasonOf(error);
    this.#reportNow(
      `${this.#failure}; it is begun anew${pauseMs === undefined ? '' : ` in ${Math.ceil(pauseMs / 1000)} s`}, please report this`,
    );
    if (pauseMs === undefined || this.#stopped) return;
    this.#sink = undefined;
    this.#keepCounts();
    const ending = this.#end(sink).then(() => void this.#ending.delete(ending));
    this.#ending.add(ending);
    this.#retry = runningSink.exit(() => setTimeout(() => this.#begin(), pauseMs).unref());
  }

  get #isSteady(): boolean {
    return this.#sink !== undefined && performance.now() - this.#beganMs >= steadyMs / this.#haste;
  }

  #begin(): void {
    this.#retry = undefined;
    this.#beganMs = performance.now();
    this.guard(() => {
      this.#sink = this.#make();
      this.#sink.start();
    }, undefined);
  }

  /** Counters must not fall when another sink begins from nothing. */
  #keepCounts(): void {
    const { failures, skipped, givenUp = 0 } = this.#last;
    this.#before.failures += failures;
    this.#before.skipped += skipped;
    this.#before.givenUp += givenUp;
    this.#last = { ...this.#last, failures: 0, skipped: 0, givenUp: 0 };
  }

  /** Never longer than a stop may take, and never an error. */
  async #end(sink: Sink | undefined): Promise<void> {
    if (sink === undefined) return;
    const late = Promise.withResolvers<void>();
    const limit = setTimeout(late.resolve, stopMs / this.#haste);
    const stop = async () => runningSink.run(this, () => sink.stop());
    const ended = stop().catch((error: unknown) => {
      this.#failures++;
      this.#reportNow(reasonOf(error));
    });
    await Promise.race([ended, late.promise]);
    clearTimeout(limit);
  }

  #reportNow(sentence: string): void {
    const nowMs = performance.now();
    if (nowMs - this.#reportedMs < reportAgainMs / this.#haste) return;
    this.#reportedMs = nowMs;
    this.#report(sentence);
  }
}

/** With the place of it, for it is a defect of the sink. */
function reasonOf(error: unknown): string {
  try {
    const { stack = '' } = error as Error;
    const place = /^\s+at .*$/m.exec(readableStack(stack))?.[0].trim();
    const said = `a defect of the sink ended it (${String(error)}${place === undefined ? '' : `, ${place}`})`;
    return printable(said).slice(0, maxReasonLength);
  } catch {
    // Whatever can be thrown, also what cannot be reported.
    return 'a defect of the sink ended it';
  }
}
