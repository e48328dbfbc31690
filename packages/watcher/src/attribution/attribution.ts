import type { SnapshotError } from '@oomwatcher/kmsg';
import { isKillLine, type Kill, type OomEvent, type OomLine, placeKill } from '@oomwatcher/oom';
import type { Account } from './account.js';
import type { KnownCounts } from './known-counts.js';
import type { Place, PlaceSource, ToldKill } from './place-source.js';

/**
 * How long a kill without a cgroup waits for a source to find it: a kill that the log or /proc places meanwhile leaves the
 * counters one answer fewer.
 */
const placeWithinMs = 20;

/**
 * Puts kills in their cgroups: takes the lines of the log and the machine's events, asks every source of places, and
 * gives the events out in order. An event that waits for its place holds back those behind it.
 */
export class Attribution {
  readonly #sources: readonly PlaceSource[];
  /** Those that know of kills themselves: asked at every line, and mostly there is none. */
  readonly #telling: readonly PlaceSource[];
  readonly #waiting: Waiting[] = [];
  /** What sources have found, also for kills that are still in the machine. */
  readonly #places = new Map<bigint, Place>();
  #isLive = false;
  #liveSinceMs = 0;
  #isClosed = false;
  #accountAtClose: Account | undefined;
  #countsAtClose: Omit<KnownCounts, 'bootId'> | undefined;

  constructor(sources: readonly PlaceSource[]) {
    this.#sources = sources;
    this.#telling = sources.filter(
      ({ takePassed, takeToldKills }) => (takePassed ?? takeToldKills) !== undefined,
    );
  }

  /** The watch is live. Before, kills are placed by the log and /proc alone; what may be placed now has waited. */
  begin(dropsPast = false, nowMs = performance.now()): void {
    this.#isLive = true;
    this.#liveSinceMs = nowMs;
    if (this.#isClosed) return;
    for (const source of this.#sources) source.begin?.(dropsPast);
  }

  /**
   * A line, before the machine has it: what the sources know of its victim is added.
   *
   * @param printedMs when the kernel wrote it, in the time of performance.now()
   */
  line(
    line: OomLine,
    files: readonly (Uint8Array | SnapshotError)[],
    printedMs = performance.now(),
  ): void {
    for (const source of this.#sources) {
      const victim = source.victimOf?.(line, files);
      if (victim !== undefined) line.witness ??= victim;
    }
    if (line.seq === undefined || !isKillLine(line)) return;
    if (!this.#isLive) {
      if (!this.#isClosed) for (const source of this.#sources) source.pastLine?.(line.seq);
      return;
    }
    if (this.#isClosed) {
      // It was read before, and so counted before: a slow consumer takes many after the end.
      this.#accountAtClose &&= withOneMore(this.#accountAtClose);
      return;
    }
    for (const source of this.#sources) source.killLine?.(line.seq, printedMs);
  }

  /** All lines that had come by now have been given. */
  observe(): void {
    if (this.#isClosed) return;
    for (const source of this.#sources) source.observe?.();
  }

  recordsLost(nowMs: number): void {
    for (const source of this.#sources) {
      if (this.#isLive) source.recordsLost?.(nowMs);
      else source.pastLost?.();
    }
  }

  /** What the machine made of the lines, in order. */
  add(events: readonly OomEvent[], nowMs: number): void {
    for (const event of events) {
      this.#report(event);
      this.#waiting.push({ event, sinceMs: nowMs });
    }
  }

  /** The next event that can be given out. `atEnd`: nothing is waited for any more. */
  take(nowMs: number, atEnd = false): OomEvent | undefined {
    this.#collectPlaces();
    const [first] = this.#waiting;
    if (first === undefined) return undefined;
    const { event, sinceMs } = first;
    if (this.#mayPlace(event.seq)) {
      if (!atEnd && nowMs < this.#placedBy(sinceMs)) return undefined;
      this.#abandon(event.seq);
    }
    this.#waiting.shift();
    const place = this.#places.get(event.seq);
    this.#places.delete(event.seq);
    return placedEvent(event, place);
  }

  /** Kills that the kernel told itself before a line that was read, and whose own lines are lost. */
  takePassed(): readonly ToldKill[] {
    if (this.#telling.length === 0) return none;
    return this.#telling.flatMap((source) => source.takePassed?.() ?? []);
  }

  /** Also those that wait for their line no longer. */
  takeToldKills(nowMs: number): readonly ToldKill[] {
    if (this.#telling.length === 0) return none;
    return this.#telling.flatMap((source) => source.takeToldKills?.(nowMs) ?? []);
  }

  /** Whether the line of a kill that is known may be in the log by now. */
  awaitsLine(): boolean {
    return this.#sources.some((source) => source.awaitsLine?.() ?? false);
  }

  /** All that was given out is recorded for good. */
  acknowledge(): void {
    if (this.#isClosed || this.heldSeq !== undefined) return;
    for (const source of this.#sources) source.acknowledge?.();
  }

  /** Kills that have no line in the log. */
  takeKills(nowMs: number): Kill[] {
    if (this.#isClosed) return [];
    return this.#sources.flatMap((source) => source.takeKills?.(nowMs) ?? []);
  }

  /** Milliseconds until `take` or `takeKills` may give something though no line comes; undefined when nothing waits. */
  waitMs(nowMs: number): number | undefined {
    const [first] = this.#waiting;
    const due = this.#sources.map((source) => source.waitMs?.(nowMs));
    if (first !== undefined && this.#isLive) {
      due.push(Math.max(0, this.#placedBy(first.sinceMs) - nowMs));
    }
    const known = due.filter((ms) => ms !== undefined);
    return known.length === 0 ? undefined : Math.min(...known);
  }

  /** The first event that was not given out. */
  get heldSeq(): bigint | undefined {
    return this.#waiting[0]?.event.seq;
  }

  /** What the kernel has counted since the watch is live: that of the first source that knows. */
  account(): Account | undefined {
    if (this.#isClosed) return this.#accountAtClose;
    if (!this.#isLive) return undefined;
    for (const source of this.#sources) {
      const account = source.account?.();
      if (account !== undefined) return account;
    }
    return undefined;
  }

  /**
   * What the next watch may go on from: that of the first source that knows.
   *
   * @param doneSeq all lines up to here have been taken
   */
  counts(doneSeq: bigint): Omit<KnownCounts, 'bootId'> | undefined {
    if (this.#isClosed) return this.#countsAtClose;
    for (const source of this.#sources) {
      const counts = source.counts?.(doneSeq);
      if (counts !== undefined) return counts;
    }
    return undefined;
  }

  /** The sources are released; what waits can still be taken. Idempotent. `doneSeq`: see `counts`. */
  close(doneSeq = -1n): void {
    if (this.#isClosed) return;
    this.#accountAtClose = this.account();
    this.#countsAtClose = this.counts(doneSeq);
    this.#isClosed = true;
    for (const source of this.#sources) source.close?.();
  }

  /** Until when an event waits for its place. */
  #placedBy(sinceMs: number): number {
    if (!this.#isLive) return Number.POSITIVE_INFINITY;
    return Math.max(sinceMs, this.#liveSinceMs) + placeWithinMs;
  }

  /** Gives the sources what the log said: it leaves them fewer answers. */
  #report(event: OomEvent): void {
    if (event.kind === 'kill' && event.kill.cgroup?.victim !== undefined) {
      this.#placed(event.seq, event.kill.cgroup.victim);
    } else if (event.kind === 'repeat') {
      if (event.cgroup === undefined) this.#abandon(event.seq);
      else this.#placed(event.seq, event.cgroup);
    }
  }

  #collectPlaces(): void {
    for (const source of this.#sources) {
      for (const place of source.takePlaces?.() ?? []) {
        this.#places.set(place.seq, place);
        this.#placed(place.seq, place.path, source);
      }
    }
  }

  #placed(seq: bigint, path: string, by?: PlaceSource): void {
    for (const source of this.#sources) if (source !== by) source.placed?.(seq, path);
  }

  #abandon(seq: bigint): void {
    for (const source of this.#sources) source.abandon?.(seq);
  }

  #mayPlace(seq: bigint): boolean {
    return this.#sources.some((source) => source.mayPlace?.(seq) ?? false);
  }
}

const none: readonly ToldKill[] = [];

interface Waiting {
  event: OomEvent;
  sinceMs: number;
}

/** Where every count is taken, the kernel has counted the line's kill all the same: see CounterAccount. */
function withOneMore({ kernelKills, unaccounted }: Account): Account {
  return unaccounted > 0
    ? { kernelKills, unaccounted: unaccounted - 1 }
    : { kernelKills: kernelKills + 1, unaccounted };
}

/** What the log says comes before what a source found. */
function placedEvent(event: OomEvent, place: Place | undefined): OomEvent {
  if (place === undefined || event.kind !== 'kill' || event.kill.cgroup?.victim !== undefined) {
    return event;
  }
  return { ...event, kill: placeKill(event.kill, place.path, place.from) };
}
