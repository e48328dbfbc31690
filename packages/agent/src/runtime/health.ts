import { type Clock, machineClock, type SinkHealth } from '@oomwatcher/journal';
import type { AgentState } from './agent-state.js';

/** One thing that is looked at, and what is or was wrong with it. */
export interface Check {
  name: string;
  ok: boolean;
  reason?: string;
}

export interface Verdict {
  ok: boolean;
  checks: Check[];
}

/** A twelfth of the patience; an idle node should not be woken for nothing. */
const tickMs = 5000;

/** So long a difference or a failing sink may last: a kill in a moment's storm is counted before it is read. */
const patienceMs = 60_000;

/** Kills that wait so long for a sink are stuck, whatever it says of itself. */
const stuckMs = 5 * 60_000;

/**
 * Whether the agent does what it is for. Two questions: is it alive (the log is read; a restart would help if not), and
 * is it ready (and everything it saw is accounted for and delivered; a restart would not help).
 */
export class Health {
  readonly #state: AgentState;
  readonly #clock: Clock;
  /** Since when something lasts, by the clock that nobody sets. */
  readonly #since = new Map<string, number>();
  /** The kill that each sink's others wait behind, and since when. */
  readonly #oldest = new Map<string, { pendingMs: number; sinceMs: number }>();
  #timer: NodeJS.Timeout | undefined;
  #read = 0;
  #lastRecordMs: number | undefined;

  constructor(state: AgentState, clock: Clock = machineClock) {
    this.#state = state;
    this.#clock = clock;
  }

  start(): void {
    this.#timer = setInterval(() => this.tick(), tickMs).unref();
    this.tick();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** When a record of the log was last read, to some seconds; undefined: none yet. */
  get lastRecordMs(): number | undefined {
    return this.#lastRecordMs;
  }

  /** Looks at what must not last. */
  tick(): void {
    const { read } = this.#state.watchStats();
    if (read !== this.#read) this.#lastRecordMs = this.#clock.wallMs();
    this.#read = read;
    this.#lasts('account', !this.#closes());
    for (const { name, health } of this.#sinkHealths()) {
      this.#lasts(name, !health.ok);
      this.#waits(name, health.oldestPendingMs);
    }
  }

  live(): Verdict {
    return verdict([this.#reader(false)]);
  }

  ready(): Verdict {
    return verdict([
      this.#reader(true),
      this.#journal(),
      this.#account(),
      ...this.#witness(),
      ...this.#sinks(),
    ]);
  }

  #closes(): boolean {
    return (this.#state.account()?.unaccounted ?? 0) === 0;
  }

  #lasts(what: string, isSo: boolean): void {
    if (!isSo) this.#since.delete(what);
    else if (!this.#since.has(what)) this.#since.set(what, this.#clock.monotonicMs());
  }

  #hasLasted(what: string): boolean {
    const sinceMs = this.#since.get(what);
    return sinceMs !== undefined && this.#clock.monotonicMs() - sinceMs >= patienceMs;
  }

  /** When it was recorded says nothing: the wall clock may have been set since. */
  #waits(name: string, pendingMs: number | undefined): void {
    if (pendingMs === undefined) this.#oldest.delete(name);
    else if (this.#oldest.get(name)?.pendingMs !== pendingMs)
      this.#oldest.set(name, { pendingMs, sinceMs: this.#clock.monotonicMs() });
  }

  *#sinkHealths(): Generator<{ name: string; health: SinkHealth }> {
    for (const sink of this.#state.sinks)
      yield { name: `sink ${sink.name}`, health: sink.health() };
  }

  #reader(mustWatch: boolean): Check {
    const reader = this.#state.reader();
    if (reader.kind === 'dead') return failed('reader', reader.reason);
    return reader.kind === 'starting' && mustWatch
      ? failed('reader', 'the log as it was at the start is still being read: wait')
      : passed('reader');
  }

  /** No failure: kills are recorded, and a rollout that is to mend it must not wait for it. */
  #journal(): Check {
    const { storage } = this.#state.journal.store;
    if (storage.kind === 'disk') return passed('journal');
    const reason = `it is in memory only, and a restart loses its history and counters: ${storage.reason}`;
    return { ...passed('journal'), reason };
  }

  #account(): Check {
    const { unaccounted = 0 } = this.#state.account() ?? {};
    if (unaccounted === 0 || !this.#hasLasted('account')) return passed('account');
    return failed(
      'account',
      `the kernel's count of kills and the journal have differed by ${unaccounted} for more than a minute: see \`oomwatcher account\``,
    );
  }

  /** No failure: the agent works without it. */
  #witness(): Check[] {
    const witness = this.#state.witness();
    if (witness === undefined) return [];
    const { live, reason, stats } = witness;
    const sentences = [...(live ? [] : [reason]), ...lostSentence(stats?.dropped)];
    return [
      { ...passed('witness'), ...(sentences.length > 0 && { reason: sentences.join('; ') }) },
    ];
  }

  #sinks(): Check[] {
    return [...this.#sinkHealths()].map(({ name, health }) => {
      const failure = this.#failureOf(name, health);
      // Lost for good: no reason to be not ready for ever, but to be reported.
      const reason = [failure, skippedSentence(health), givenUpSentence(health)].filter(
        (part) => part !== undefined,
      );
      return {
        name,
        ok: failure === undefined,
        ...(reason.length > 0 && { reason: reason.join('; ') }),
      };
    });
  }

  #failureOf(name: string, { ok, reason }: SinkHealth): string | undefined {
    if (!ok && this.#hasLasted(name))
      return reason ?? 'it has not delivered for more than a minute';
    const { sinceMs = this.#clock.monotonicMs() } = this.#oldest.get(name) ?? {};
    const waitedMs = this.#clock.monotonicMs() - sinceMs;
    if (waitedMs < stuckMs) return undefined;
    return reason ?? `a kill has waited ${Math.round(waitedMs / 60_000)} minutes for it`;
  }
}

function lostSentence(dropped = 0): string[] {
  if (dropped === 0) return [];
  const kills = dropped === 1 ? 'kill was' : 'kills were';
  return [
    `${dropped} ${kills} more than the witness's ring in the kernel could take: the log and the counters tell them`,
  ];
}

function skippedSentence({ skipped }: SinkHealth): string | undefined {
  if (skipped === 0) return undefined;
  return `${skipped} ${skipped === 1 ? 'kill was' : 'kills were'} forgotten by the journal before this sink had delivered them: \`oomwatcher account\` still counts them`;
}

function givenUpSentence({ givenUp = 0 }: SinkHealth): string | undefined {
  if (givenUp === 0) return undefined;
  return `${givenUp} ${givenUp === 1 ? 'kill was' : 'kills were'} refused by the other side for good, or for too long: \`oomwatcher history\` still has them`;
}

function passed(name: string): Check {
  return { name, ok: true };
}

function failed(name: string, reason: string): Check {
  return { name, ok: false, reason };
}

function verdict(checks: Check[]): Verdict {
  return { ok: checks.every(({ ok }) => ok), checks };
}
