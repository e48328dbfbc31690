// Long, because one watch is one state: rows, what the kernel reports itself, and what waits meet here.

import {
  type BatchMemory,
  Clock,
  type Cursor,
  decodeLine,
  decodeSnapshot,
  History,
  type KmsgSource,
  newCursor,
  Reading,
  RowKind,
  Told,
} from '@oomwatcher/kmsg';
import { type Kill, type OomLine, OomMachine, pushUnderstood } from '@oomwatcher/oom';
import { Attribution } from './attribution/attribution.js';
import type { KnownCounts } from './attribution/known-counts.js';
import { type OpenedWitness, openWitness, type WitnessState } from './attribution/open-witness.js';
import type { ToldKill } from './attribution/place-source.js';
import { openSources } from './attribution/sources.js';
import { checkOptions } from './check-options.js';
import type { WatchEvent, WatchStats } from './events.js';
import { type NodeFacts, readNode } from './node/node.js';
import { oomGroups } from './node/oom-groups.js';
import { pageSizeKiB } from './node/page-size.js';
import { openOomLog } from './open-log.js';
import type { WatchOptions } from './options.js';
import { printedMs } from './printed-time.js';
import { isQuiet, News } from './quiet.js';
import { ReadPosition } from './read-position.js';

/**
 * Watches the kernel's log and gives out every OOM kill once.
 *
 * @throws KmsgError when the log cannot be opened, or an option is none (`ERR_INVALID_ARG_VALUE`).
 */
export function watch(options: WatchOptions = {}): Watcher {
  return new Watcher(options);
}

/**
 * One watch: rows of the source become lines, lines go through the machine, its events through attribution to whoever
 * iterates. Iterate it for kills, or `events()` for all that happens; one consumer, once.
 */
export class Watcher extends Reading<WatchEvent, Kill> {
  readonly #witness: OpenedWitness | undefined;
  readonly #bootId: string | undefined;
  readonly #source: KmsgSource;
  readonly #clock = new Clock();
  readonly #machine: OomMachine;
  readonly #attribution: Attribution;
  readonly #history: History;
  readonly #position: ReadPosition;
  readonly #hasWitness: boolean;
  readonly #told: Told;
  readonly #news = new News();
  readonly #given = { kills: 0, repeats: 0, forged: 0, lostBeforeStart: 0, notUnderstood: 0 };
  #lastRowMs = 0;

  constructor(options: WatchOptions) {
    checkOptions(options);
    const told = new Told(options);
    // A capture is of another time, if not of another node.
    const node = options.capture === undefined ? readNode() : undefined;
    const history = new History(options, node?.bootId);
    const machine = newMachine(options, node, history);
    const witness = node === undefined ? undefined : openWitness(options);
    const reports = witness?.source;
    // Opened after what may throw, which would leave it open.
    const opened = openOomLog(options, reports === undefined ? node : undefined);
    super(opened, told, options);
    this.#told = told;
    this.#bootId = node?.bootId;
    this.#history = history;
    this.#machine = machine;
    this.#witness = witness;
    this.#hasWitness = reports !== undefined;
    if (reports !== undefined) reports.onNews = this.#news.come;
    this.#source = opened.source;
    this.#position = new ReadPosition(opened.source);
    this.#attribution = new Attribution(
      node === undefined ? [] : openSources(node, this.#position, reports, options.counts),
    );
    this.opened();
    if (this.witness?.live === false) {
      told.trouble(`the kernel does not report kills itself: ${this.witness.reason}`, {});
    }
  }

  /** Whether the kernel itself reports kills, and why, in one sentence; undefined: that was not asked for. */
  get witness(): WitnessState | undefined {
    return this.#witness?.state();
  }

  /** Where to resume: no kill up to here will be given out again, and none after it was. undefined: of a capture. */
  get cursor(): Cursor | undefined {
    if (this.#bootId === undefined || this.#position.processedSeq < 0n) return undefined;
    let seq = this.#history.isLive ? this.#position.doneSeq() : this.#position.processedSeq;
    for (const held of [this.#attribution.heldSeq, this.#machine.heldSeq]) {
      if (held !== undefined && held <= seq) seq = held - 1n;
    }
    return newCursor(this.#bootId, seq);
  }

  /** Where the kernel's counters stand, to be kept beside the cursor; undefined: not known for certain. */
  get counts(): KnownCounts | undefined {
    const { cursor } = this;
    const known = cursor === undefined ? undefined : this.#attribution.counts(cursor.seq);
    return cursor && known && { bootId: cursor.bootId, ...known };
  }

  /**
   * Kills that were given out from this record on may still be amended; undefined: none may. A kill is final when its group is
   * over, or when nothing came for 5 s.
   */
  get amendableSeq(): bigint | undefined {
    return this.#machine.amendableSeq;
  }

  stats(): WatchStats {
    const { kills, repeats, forged, lostBeforeStart, notUnderstood } = this.#given;
    const { lost, read, malformed } = this.#source.stats();
    const account = this.#attribution.account();
    return {
      kills,
      repeats,
      forged,
      lost: lost + lostBeforeStart,
      read,
      malformed,
      ...(notUnderstood > 0 && { notUnderstood }),
      ...(account !== undefined && { account }),
    };
  }

  /** All that was given out is recorded for good, see WatchOptions. */
  acknowledge(): void {
    if (this.#machine.heldSeq === undefined) this.#attribution.acknowledge();
  }

  protected override closing(): void {
    this.#attribution.close(this.cursor?.seq);
  }

  protected itemOf(event: WatchEvent): Kill | undefined {
    return event.kind === 'kill' ? event.kill : undefined;
  }

  protected async *read(): AsyncGenerator<WatchEvent, void, undefined> {
    try {
      for (;;) {
        const next = this.#source.next();
        while (await this.#isQuiet(next)) yield* this.#quiet();
        const batch = await next;
        if (batch === undefined) break;
        for (let row = 0; row < batch.length; row++) yield* this.#consume(batch.memory, row);
        this.#attribution.observe();
        this.#lastRowMs = performance.now();
        this.#pushTold(this.#attribution.takeToldKills(performance.now()));
        yield* this.#finished();
        // Also here: where lines follow one another without a pause nothing ever falls due in between.
        yield* this.#killsWithoutLine();
      }
    } catch (error) {
      yield* this.#rest();
      throw error;
    } finally {
      this.close();
    }
    yield* this.#rest();
    this.refuseNoCapture();
  }

  /** Whether no row comes before something else is to be done. */
  async #isQuiet(next: Promise<unknown>): Promise<boolean> {
    const waitMs = this.#waitMs();
    if (waitMs === undefined && !this.#hasWitness) return false;
    return isQuiet(next, waitMs, this.#hasWitness ? this.#news.next() : undefined);
  }

  /** Milliseconds until something that waits falls due though no line comes; undefined when nothing waits. */
  #waitMs(): number | undefined {
    const nowMs = performance.now();
    const { waitMs } = this.#machine;
    const due = [
      waitMs === undefined ? undefined : this.#lastRowMs + waitMs - nowMs,
      this.#attribution.waitMs(nowMs),
    ].filter((ms) => ms !== undefined);
    return due.length === 0 ? undefined : Math.max(0, Math.min(...due));
  }

  *#consume(memory: BatchMemory, row: number): Generator<WatchEvent> {
    const seq = memory.seq[row] as bigint;
    switch (memory.kind[row]) {
      case RowKind.record:
        this.#position.recordTaken();
        this.#pushLine(memory, row);
        this.#position.processed(seq);
        yield* this.#finished();
        return;
      case RowKind.loss: {
        const lost = memory.lost[row] as number;
        this.#position.lossTaken(lost);
        this.#machine.lost();
        yield* this.#finished();
        this.#position.processed(seq + BigInt(lost) - 1n);
        this.#attribution.recordsLost(performance.now());
        this.#told.lost(lost);
        yield { kind: 'loss', seq, lost };
        return;
      }
      case RowKind.caughtUp:
        yield* this.#caughtUp(seq);
    }
  }

  #pushLine(memory: BatchMemory, row: number): void {
    const line: OomLine = decodeLine(memory, row);
    const wallTimeUs = this.#clock.wallTimeUs(memory, row);
    if (wallTimeUs !== undefined) line.wallTimeUs = wallTimeUs;
    this.#attribution.line(line, decodeSnapshot(memory, row), printedMs(memory, row, wallTimeUs));
    this.#pushTold(this.#attribution.takePassed());
    const understood = pushUnderstood(this.#machine, line);
    if (!understood && !this.#history.holds(line.seq)) this.#given.notUnderstood++;
  }

  /** Kills that the kernel told itself, before their lines or without. */
  #pushTold(told: readonly ToldKill[]): void {
    const seq = this.#position.processedSeq;
    for (const each of told) {
      if (each.kind === 'kill') this.#machine.pushWitnessed({ ...each.kill, seq });
      else if (each.kind === 'sharer') this.#machine.pushSharer(each.process);
      else this.#machine.pushAgain(seq);
    }
  }

  *#caughtUp(seq: bigint): Generator<WatchEvent> {
    const before = this.#history.lostBefore(this.#source.stats().firstSeq);
    if (before !== undefined) {
      this.#given.lostBeforeStart = before.lost;
      this.#told.lost(before.lost);
      yield { kind: 'loss', ...before };
    }
    this.#position.processed(seq);
    this.#history.caughtUp(seq);
    this.#attribution.begin(this.#history.dropsPast);
    this.#told.watching(seq);
    yield { kind: 'watching', seq };
  }

  /** Nothing comes: what waits only for more of the log is given out, and what the log lost is looked for. */
  *#quiet(): Generator<WatchEvent> {
    const nowMs = performance.now();
    this.#pushTold(this.#attribution.takeToldKills(nowMs));
    this.#machine.settle(nowMs - this.#lastRowMs);
    // A sample that its share of the time had put off; without it the kill would go out without its cgroup.
    this.#attribution.observe();
    yield* this.#finished();
    yield* this.#killsWithoutLine();
    if (this.#attribution.awaitsLine()) this.#source.look?.();
  }

  *#killsWithoutLine(): Generator<WatchEvent> {
    for (const kill of this.#attribution.takeKills(performance.now())) {
      this.#given.kills++;
      yield { kind: 'kill', seq: this.#position.processedSeq, kill };
    }
  }

  /** Nothing will come any more. */
  *#rest(): Generator<WatchEvent> {
    this.#pushTold(this.#attribution.takeToldKills(Number.POSITIVE_INFINITY));
    this.#machine.flush();
    yield* this.#finished(true);
  }

  /** One at a time: the cursor must not pass an event that nobody has been given. */
  *#finished(atEnd = false): Generator<WatchEvent> {
    this.#attribution.add(this.#machine.take(), performance.now());
    for (;;) {
      const event = this.#attribution.take(performance.now(), atEnd);
      if (event === undefined) return;
      if (event.kind === 'repeat' && this.#history.isLive) this.#given.repeats++;
      // What has no line is not of before: the kernel has kept it until now.
      const hasNoLine = event.kind === 'kill' && event.kill.seq === undefined;
      if (!hasNoLine && this.#history.holds(event.seq)) continue;
      if (event.kind === 'kill') this.#given.kills++;
      if (event.kind === 'forged') this.#given.forged++;
      yield event.kind === 'repeat' ? { kind: 'repeat', seq: event.seq } : event;
    }
  }
}

function newMachine(
  options: WatchOptions,
  node: NodeFacts | undefined,
  history: History,
): OomMachine {
  const asksForGroup = node?.hierarchy === undefined ? undefined : oomGroups(node.hierarchy);
  return new OomMachine({
    ...(node?.bootId !== undefined && { bootId: node.bootId }),
    pageSizeKiB: pageSizeKiB(),
    // What the node says today is not true of a kill that was in the log at the start, and costs reads for each.
    ...(asksForGroup !== undefined && {
      killsGroup: (cgroup) => (history.isLive ? asksForGroup(cgroup) : undefined),
    }),
    keepsReports: options.reports === true,
    live: node !== undefined,
  });
}
