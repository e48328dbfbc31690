import type { Journal, Tallies } from '@oomwatcher/journal';
import { type Kill, type RawReport, workloadKey, workloadOf } from '@oomwatcher/oom';
import type { Cursor, WatchEvent, Watcher } from '@oomwatcher/watcher';
import type { AccountKeeper } from './account-keeper.js';
import { watchEvents } from './watch-events.js';

export interface RecorderOptions {
  watcher: Watcher;
  journal: Journal;
  /** The watched boot; undefined: the log is a captured one. */
  bootId: string | undefined;
  /** Called in the order of the log, after the commit: a kill only when the journal did not have it. */
  emit: (event: WatchEvent, isNewestOfWorkload: boolean) => void;
  /** Also what was in the log before the agent's very first start is emitted. */
  emitsHistory: boolean;
  /** Adds what is known at once, before the kill is recorded. */
  enrich: (kill: Kill) => Kill;
  /** Asked every few seconds; undefined: there is nothing to count by. */
  keeper?: AccountKeeper | undefined;
  /** Called every few seconds when nothing has happened for some. */
  onIdle?: () => void;
}

/** Events in one transaction, at most. */
const maxInBatch = 256;

/**
 * A cursor that has moved on by itself, over records that nobody wants, is recorded so often: what is read again after
 * a crash costs nothing, but an idle node should not write.
 */
const idleCursorMs = 10_000;

const tickMs = 1000;

/** When nothing has happened for so long, a tick comes so often: every one wakes the machine. */
const idleAfterMs = 10_000;
const idleTickMs = 5000;

const pruneEveryMs = 60 * 60 * 1000;

/**
 * Writes down what a watch gives out: kills, tallies and the cursor of that very moment in one transaction.
 *
 * The cursor is exact at two moments: while an event is being taken, for the watcher goes on only when it is asked for
 * the next; and at the beginning of a turn of the event loop, for then every event that the watcher has given out has
 * been taken (between the two there are only microtasks). So batches are recorded at these moments and no others, and
 * taking an event must stay synchronous.
 *
 * Until the log has been read once only kills are recorded: they are known by their ids, so that a start that is cut
 * short is simply done again. Tallies and the cursor come with the first transaction after that.
 */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #startedMs = Date.now();
  /** Nobody has watched this node before: what the log holds by now is history. */
  readonly #firstEver: boolean;
  /** The newest record that was there at the start; undefined until it has been read. */
  #historyThrough: bigint | undefined;
  #events: WatchEvent[] = [];
  #tallies = noTallies();
  #lostThrough: bigint;
  #scheduled: NodeJS.Immediate | undefined;
  #recordedSeq = -1n;
  /** By the kernel's count: of kills whose lines had been read. */
  #recordedTotal: number | undefined;
  #recordedAtMs = performance.now();
  #prunedAtMs = performance.now();
  #tookAtMs = performance.now();
  #ticking: NodeJS.Timeout | undefined;

  constructor(options: RecorderOptions) {
    const { journal, bootId } = options;
    this.#options = options;
    this.#firstEver = bootId !== undefined && !journal.hasWatched;
    const boot = bootId === undefined ? undefined : journal.boot(bootId);
    this.#lostThrough = boot?.lostThrough ?? -1n;
  }

  /** Until the watch ends. @throws KmsgError when the log cannot be read any more; what came before is recorded. */
  async run(): Promise<void> {
    this.#tickLater();
    try {
      for await (const event of watchEvents(this.#options.watcher)) this.#take(event);
    } finally {
      clearTimeout(this.#ticking);
      this.#record();
      this.#setAmendable();
      this.#recordCursor();
    }
  }

  #take(event: WatchEvent): void {
    this.#tookAtMs = performance.now();
    if (event.kind === 'watching') {
      this.#record();
      this.#historyThrough = event.seq;
    }
    this.#events.push(
      event.kind === 'kill' ? { ...event, kill: this.#options.enrich(event.kill) } : event,
    );
    if (event.kind === 'repeat') this.#tallies.repeats++;
    else if (event.kind === 'forged') this.#tallies.forged++;
    else if (event.kind === 'loss') this.#countLost(event);
    if (this.#events.length >= maxInBatch) this.#record();
    else this.#scheduled ??= setImmediate(() => this.#record());
  }

  /** A loss is reported while kills before it may still be held, so it can lie behind the cursor and come once more. */
  #countLost({ seq, lost }: { seq: bigint; lost: number }): void {
    const through = seq + BigInt(lost) - 1n;
    const counted = this.#lostThrough < seq ? seq - 1n : this.#lostThrough;
    if (through <= counted) return;
    this.#tallies.lost += Number(through - counted);
    this.#lostThrough = through;
  }

  #record(): void {
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    if (this.#events.length === 0) return;
    const events = this.#events;
    this.#events = [];
    const kills: Kill[] = [];
    const reports = new Map<string, RawReport>();
    for (const event of events) {
      if (event.kind !== 'kill') continue;
      kills.push(event.kill);
      if (event.report !== undefined) reports.set(event.kill.id, event.report);
    }
    const { journal, enrich } = this.#options;
    // Known before the first of them is there to be counted.
    journal.amendable ??= this.#amendable();
    const added = new Set(this.#append(kills, this.#cursor(), reports));
    this.#options.watcher.acknowledge();
    const newest = newestOfEach(kills);
    for (const event of events) {
      if (event.kind === 'kill' && !added.has(event.kill.id)) continue;
      if (event.kind === 'amendment') journal.amend(event.amendment, enrich);
      if (this.#isHistory(event) && !this.#options.emitsHistory) continue;
      this.#options.emit(event, event.kind === 'kill' && newest.has(event.kill.id));
    }
    this.#setAmendable();
  }

  #amendable(): Journal['amendable'] {
    const { bootId, watcher } = this.#options;
    const { amendableSeq: seq } = watcher;
    return bootId === undefined || seq === undefined ? undefined : { bootId, seq };
  }

  /** After the amendments, for what is final now is counted at once. */
  #setAmendable(): void {
    this.#options.journal.amendable = this.#amendable();
  }

  /** Returns the ids of the kills that the journal did not have. */
  #append(
    kills: readonly Kill[],
    cursor: Cursor | undefined,
    reports?: ReadonlyMap<string, RawReport>,
  ): string[] {
    const tallies = cursor === undefined ? {} : this.#tallies;
    if (cursor !== undefined) {
      this.#tallies = noTallies();
      this.#recordedSeq = cursor.seq;
      this.#recordedAtMs = performance.now();
    }
    const counts = cursor === undefined ? undefined : this.#options.watcher.counts;
    this.#recordedTotal = counts?.total;
    const added = this.#options.journal.append({
      kills,
      cursor,
      counts,
      tallies,
      ...(reports !== undefined && { reports }),
      lostThrough: this.#lostThrough,
      historic: ({ seq, time }) => seq !== undefined && this.#isBeforeStart(BigInt(seq), time),
    });
    return added.map(({ kill }) => kill.id);
  }

  #cursor(): Cursor | undefined {
    return this.#historyThrough === undefined ? undefined : this.#options.watcher.cursor;
  }

  #isHistory(event: WatchEvent): boolean {
    if (event.kind === 'watching' || event.kind === 'loss') return false;
    const time = event.kind === 'kill' ? event.kill.time : undefined;
    return this.#isBeforeStart(event.seq, time);
  }

  #isBeforeStart(seq: bigint, time: string | undefined): boolean {
    if (!this.#firstEver) return false;
    if (this.#historyThrough !== undefined && seq > this.#historyThrough) return false;
    // Reading the log takes a moment, and a kill of that moment is nobody's history.
    return time === undefined || Date.parse(time) < this.#startedMs;
  }

  get #isIdle(): boolean {
    return performance.now() - this.#tookAtMs >= idleAfterMs;
  }

  #tickLater(): void {
    this.#ticking = setTimeout(
      () => {
        this.#tick();
        if (this.#isIdle) this.#options.onIdle?.();
        this.#tickLater();
      },
      this.#isIdle ? idleTickMs : tickMs,
    ).unref();
  }

  #tick(): void {
    if (this.#events.length > 0) return;
    this.#setAmendable();
    const nowMs = performance.now();
    if (nowMs - this.#recordedAtMs >= idleCursorMs) this.#recordCursor();
    if (this.#historyThrough !== undefined) this.#options.keeper?.check(nowMs);
    if (nowMs - this.#prunedAtMs < pruneEveryMs) return;
    this.#prunedAtMs = nowMs;
    this.#options.journal.prune();
  }

  #recordCursor(): void {
    const cursor = this.#cursor();
    if (cursor === undefined) return;
    const hasMoved = cursor.seq > this.#recordedSeq;
    if (hasMoved || this.#options.watcher.counts?.total !== this.#recordedTotal) {
      this.#append([], cursor);
    }
  }
}

function noTallies(): Partial<Tallies> & Pick<Tallies, 'repeats' | 'forged' | 'lost'> {
  return { repeats: 0, forged: 0, lost: 0 };
}

/** The last kill of each workload, by id: in a storm only it is said how many there were. */
function newestOfEach(kills: readonly Kill[]): ReadonlySet<string> {
  const newest = new Map<string, string>();
  for (const kill of kills) {
    const workload = workloadOf(kill);
    if (workload !== undefined) newest.set(workloadKey(workload), kill.id);
  }
  return new Set(newest.values());
}
