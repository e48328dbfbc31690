import { release } from 'node:os';
import {
  type BatchMemory,
  type Capture,
  Clock,
  decodeLine,
  decodeSnapshot,
  type KmsgSource,
  openReplay,
  openSource,
  RowKind,
  readBootId,
} from '@oomwatcher/kmsg';
import {
  type Amendment,
  isKillLine,
  type Kill,
  keepFilter,
  type Notice,
  type OomEvent,
  type OomLine,
  OomMachine,
  type Outcome,
  type RawReport,
  snapshotRules,
} from '@oomwatcher/oom';
import { LostKills } from './lost-kills.js';
import { findMemoryHierarchy } from './memory-hierarchy.js';
import { seesNodeCgroups, seesNodePids } from './node-view.js';
import { oomGroups } from './oom-groups.js';
import { Outbox } from './outbox.js';
import { pageSizeKiB } from './page-size.js';
import { Placement } from './placement.js';
import { readWitness, type WitnessFile, witnessFiles } from './witness.js';

/** Where a watcher stopped: everything up to `seq` of this boot has been given out. */
export interface Cursor {
  bootId: string;
  seq: bigint;
}

export interface WatchOptions {
  /** Which reader of /dev/kmsg; default: native, portable where the addon cannot load. */
  source?: 'native' | 'portable';
  /** A raw kmsg capture to read instead of the live log: a file's path, its bytes, or chunks of them. */
  capture?: Capture;
  /** `now` (default): kills from here on. `boot`: also those that the kernel's ring still holds. */
  from?: 'now' | 'boot';
  /** Go on where an earlier watcher stopped; wins over `from`. A cursor of another boot starts at the ring's oldest. */
  cursor?: Cursor;
  /** Whether each kill comes with the lines of the log that it was read from; default false. */
  reports?: boolean;
  /** Ends the watch. */
  signal?: AbortSignal;
}

export type WatchEvent =
  | { kind: 'kill'; seq: bigint; kill: Kill; report?: RawReport }
  /** A kill that was given out is another than it seemed: its group went on after a pause. It is no kill of its own. */
  | { kind: 'amendment'; seq: bigint; amendment: Amendment }
  | { kind: 'outcome'; seq: bigint; outcome: Outcome }
  /** What the log says of a kill whose line it does not have. */
  | { kind: 'notice'; seq: bigint; notice: Notice }
  /** A group's first victim is logged, and counted by the kernel, a second time: an account must know. */
  | { kind: 'repeat'; seq: bigint }
  | { kind: 'forged'; seq: bigint; text: string }
  /** `lost` records from `seq` on are gone: the log overran its reader, or was overrun before a resumed watch began. */
  | { kind: 'loss'; seq: bigint; lost: number }
  /** Everything that was in the log at the start has been read; from here on it is live. */
  | { kind: 'watching'; seq: bigint };

export interface WatchStats {
  /** Kills given out. */
  kills: number;
  /** Second lines of a group's first victim, which newer kernels print and count twice. */
  repeats: number;
  /** Lines in the OOM killer's words that the kernel did not write. */
  forged: number;
  /** Records of the log that nobody can read any more. */
  lost: number;
  /** Records read, wanted or not. */
  read: number;
  /** How many of them had no valid prefix: in a captured log of another form, all. */
  malformed: number;
  /** What the kernel itself has counted; absent where it does not count (before 4.13), and before the watch is live. */
  account?: Account;
}

export interface Account {
  /** Kills that the kernel has counted since the watch is live. */
  kernelKills: number;
  /** How many of them are neither a kill that was given out nor the repeat of one. */
  unaccounted: number;
}

/** Watches the kernel's log and gives out every OOM kill once. @throws KmsgError when the log cannot be opened. */
export function watch(options: WatchOptions = {}): Watcher {
  return new Watcher(options);
}

/** One watch. Iterate it for kills, or `events()` for all that happens; one consumer, once. */
export class Watcher implements AsyncIterable<Kill> {
  /** Which reader is live, and why, in one sentence. */
  readonly source: { readonly kind: KmsgSource['kind']; readonly reason: string };

  readonly #source: KmsgSource;
  readonly #machine: OomMachine;
  readonly #clock = new Clock();
  readonly #bootId: string | undefined;
  readonly #resumeAfter: bigint | undefined;
  readonly #history: 'skip' | 'report';
  readonly #signal: AbortSignal | undefined;
  readonly #witnessFiles: WitnessFile[];
  readonly #placement: Placement | undefined;
  readonly #outbox: Outbox;
  readonly #lostKills: LostKills | undefined;
  #processedSeq = -1n;
  /** Of what the source counts as kept and as lost, what has arrived here. */
  #keptTaken = 0;
  #lostTaken = 0;
  #skipUntil: bigint | undefined;
  #lostBeforeStart = 0;
  #kills = 0;
  #repeats = 0;
  #forged = 0;
  #live = false;
  #lastRowMs = 0;
  #closed = false;
  #accountAtEnd: Account | undefined;

  constructor(options: WatchOptions) {
    const { capture } = options;
    const replayed = capture !== undefined;
    this.#bootId = replayed ? undefined : readBootId();
    const hierarchy = !replayed && seesNodeCgroups() ? findMemoryHierarchy() : undefined;
    this.#machine = new OomMachine({
      ...(this.#bootId !== undefined && { bootId: this.#bootId }),
      pageSizeKiB: pageSizeKiB(),
      ...(hierarchy !== undefined && { killsGroup: this.#whileLive(oomGroups(hierarchy)) }),
      keepsReports: options.reports === true,
      live: !replayed,
    });
    if (options.cursor !== undefined && options.cursor.bootId === this.#bootId) {
      this.#resumeAfter = options.cursor.seq;
      this.#skipUntil = options.cursor.seq;
    }
    const reports = replayed || options.cursor !== undefined || options.from === 'boot';
    this.#history = reports ? 'report' : 'skip';
    this.#signal = options.signal;

    const isWitness = !replayed && seesNodePids() && seesNodeCgroups();
    const { files, slowFiles } = witnessFiles(hierarchy?.version, release());
    this.#witnessFiles = [...files, ...slowFiles];
    // Opened last: what throws above must leave nothing open.
    const opened = replayed
      ? {
          source: openReplay(capture, { keep: keepFilter }),
          reason: `replay of ${nameOf(capture)}`,
        }
      : openSource({
          source: options.source,
          keep: keepFilter,
          snapshots: isWitness ? snapshotRules({ files, slowFiles }) : [],
        });
    this.#source = opened.source;
    this.source = { kind: opened.source.kind, reason: opened.reason };
    this.#placement = hierarchy === undefined ? undefined : Placement.open(hierarchy);
    this.#outbox = new Outbox(this.#placement);
    if (this.#placement !== undefined && this.#bootId !== undefined) {
      this.#lostKills = new LostKills(this.#placement, this.#bootId, {
        timesDry: () => this.#source.stats().dry,
        hasTakenAll: () => this.#hasTakenAll(),
      });
    }
    options.signal?.addEventListener('abort', this.close, { once: true });
    if (options.signal?.aborted) this.close();
  }

  /** Where to resume: no kill up to here will be given out again, and none after it was. */
  get cursor(): Cursor | undefined {
    if (this.#bootId === undefined || this.#processedSeq < 0n) return undefined;
    let seq = this.#doneSeq();
    for (const held of [this.#outbox.heldSeq, this.#machine.heldSeq]) {
      if (held !== undefined && held <= seq) seq = held - 1n;
    }
    return { bootId: this.#bootId, seq };
  }

  /**
   * Records that the source read and did not keep are done with too: a cursor that stayed at the last one kept would
   * count them as lost when the ring has moved on. The source counts a record as read before it hands it over, so this is
   * the last but one of those read a moment ago, once everything that was kept or lost by now has arrived.
   */
  #doneSeq(): bigint {
    if (!this.#live) return this.#processedSeq;
    const { lastSeq = 0n } = this.#source.stats();
    return this.#hasTakenAll() && lastSeq > this.#processedSeq ? lastSeq - 1n : this.#processedSeq;
  }

  /** Whether all that the source counts as kept or lost has arrived here. */
  #hasTakenAll(): boolean {
    const { kept, lost } = this.#source.stats();
    return kept === this.#keptTaken && lost === this.#lostTaken;
  }

  stats(): WatchStats {
    const reader = this.#source.stats();
    const account = this.#closed ? this.#accountAtEnd : this.#account();
    return {
      kills: this.#kills,
      repeats: this.#repeats,
      forged: this.#forged,
      lost: reader.lost + this.#lostBeforeStart,
      read: reader.read,
      malformed: reader.malformed,
      ...(account !== undefined && { account }),
    };
  }

  /** What the node says today tells nothing of a kill that was in the log at the start, and costs reads for each. */
  #whileLive(killsGroup: ReturnType<typeof oomGroups>): typeof killsGroup {
    return (cgroup) => (this.#live ? killsGroup(cgroup) : undefined);
  }

  /** Ends the watch: an iteration that waits is done. Idempotent. */
  readonly close = (): void => {
    if (this.#closed) return;
    this.#accountAtEnd = this.#account();
    this.#closed = true;
    this.#signal?.removeEventListener('abort', this.close);
    this.#source.close();
    this.#placement?.close();
  };

  async *[Symbol.asyncIterator](): AsyncIterator<Kill> {
    for await (const event of this.events()) if (event.kind === 'kill') yield event.kill;
  }

  /** All that happens, in the order of the log. @throws KmsgError when the log cannot be read any more. */
  async *events(): AsyncGenerator<WatchEvent, void, undefined> {
    try {
      for (;;) {
        const next = this.#source.next();
        for (let waitMs = this.#waitMs(); waitMs !== undefined; waitMs = this.#waitMs()) {
          if (!(await isQuiet(next, waitMs))) break;
          yield* this.#quiet();
        }
        const batch = await next;
        if (batch === undefined) break;
        for (let row = 0; row < batch.length; row++) yield* this.#consume(batch.memory, row);
        if (!this.#closed) this.#placement?.observe();
        this.#lastRowMs = performance.now();
        yield* this.#finished();
        // Also here: where lines follow one another without a pause nothing ever falls due in between.
        yield* this.#lost();
      }
    } catch (error) {
      yield* this.#rest();
      throw error;
    } finally {
      this.close();
    }
    yield* this.#rest();
  }

  /** Milliseconds until something that waits falls due though no line comes; undefined when nothing waits. */
  #waitMs(): number | undefined {
    const nowMs = performance.now();
    const { waitMs } = this.#machine;
    const due = [
      waitMs === undefined ? undefined : this.#lastRowMs + waitMs - nowMs,
      this.#outbox.waitMs(nowMs),
      this.#lostKills?.waitMs(nowMs),
    ].filter((ms) => ms !== undefined);
    return due.length === 0 ? undefined : Math.max(0, Math.min(...due));
  }

  *#consume(memory: BatchMemory, row: number): Generator<WatchEvent> {
    const seq = memory.seq[row] as bigint;
    switch (memory.kind[row]) {
      case RowKind.record: {
        this.#keptTaken++;
        const line = this.#line(memory, row);
        if (this.#live && !this.#closed && isKillLine(line)) this.#placement?.line(seq);
        this.#machine.push(line);
        this.#processedSeq = seq;
        yield* this.#finished();
        return;
      }
      case RowKind.loss: {
        const lost = memory.lost[row] as number;
        this.#lostTaken += lost;
        this.#machine.lost();
        yield* this.#finished();
        this.#processedSeq = seq + BigInt(lost) - 1n;
        if (this.#live) this.#lostKills?.recordsLost(performance.now());
        yield { kind: 'loss', seq, lost };
        return;
      }
      case RowKind.caughtUp:
        yield* this.#caughtUp(seq);
    }
  }

  *#caughtUp(seq: bigint): Generator<WatchEvent> {
    if (this.#history === 'skip') this.#skipUntil = seq;
    if (this.#resumeAfter !== undefined) yield* this.#lossSince(this.#resumeAfter);
    this.#processedSeq = seq;
    this.#live = true;
    if (!this.#closed) this.#placement?.begin();
    yield { kind: 'watching', seq };
  }

  /** What the ring had already dropped when a resumed watch began. */
  *#lossSince(cursor: bigint): Generator<WatchEvent> {
    const { firstSeq } = this.#source.stats();
    if (firstSeq === undefined || firstSeq <= cursor + 1n) return;
    this.#lostBeforeStart = Number(firstSeq - cursor - 1n);
    yield { kind: 'loss', seq: cursor + 1n, lost: this.#lostBeforeStart };
  }

  #line(memory: BatchMemory, row: number): OomLine {
    const line: OomLine = decodeLine(memory, row);
    const wallTimeUs = this.#clock.wallTimeUs(memory, row);
    if (wallTimeUs !== undefined) line.wallTimeUs = wallTimeUs;
    const witness = readWitness(this.#witnessFiles, decodeSnapshot(memory, row));
    if (witness !== undefined) line.witness = witness;
    return line;
  }

  /** Nothing comes: what waits only for more of the log is given out, and what the log lost is looked for. */
  *#quiet(): Generator<WatchEvent> {
    const nowMs = performance.now();
    this.#machine.settle(nowMs - this.#lastRowMs);
    // A sample that its share of the time had put off; without it the kill would go out without its cgroup.
    if (!this.#closed) this.#placement?.observe();
    yield* this.#finished();
    yield* this.#lost();
  }

  /** Kills whose lines the log has lost. */
  *#lost(): Generator<WatchEvent> {
    if (this.#closed) return;
    for (const kill of this.#lostKills?.take(performance.now()) ?? []) {
      this.#kills++;
      yield { kind: 'kill', seq: this.#processedSeq, kill };
    }
  }

  /** Nothing will come any more. */
  *#rest(): Generator<WatchEvent> {
    this.#machine.flush();
    yield* this.#finished(true);
  }

  /** One at a time: the cursor must not pass an event that nobody has been given. */
  *#finished(atEnd = false): Generator<WatchEvent> {
    this.#outbox.add(this.#machine.take(), performance.now());
    for (;;) {
      const event = this.#outbox.take(performance.now(), atEnd);
      if (event === undefined) return;
      if (event.kind === 'repeat' && this.#live) this.#repeats++;
      if (this.#isHistory(event)) continue;
      if (event.kind === 'kill') this.#kills++;
      if (event.kind === 'forged') this.#forged++;
      yield event.kind === 'repeat' ? { kind: 'repeat', seq: event.seq } : event;
    }
  }

  #account(): Account | undefined {
    return this.#live ? this.#placement?.account() : undefined;
  }

  /** Before the watch began, or given out by the watch that this one resumes. */
  #isHistory(event: OomEvent): boolean {
    if (!this.#live && this.#history === 'skip') return true;
    return this.#skipUntil !== undefined && event.seq <= this.#skipUntil;
  }
}

function nameOf(capture: Capture): string {
  return typeof capture === 'string' ? capture : 'the bytes that were given';
}

/** Whether nothing comes for so long. */
async function isQuiet(next: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<true>((resolve) => {
    timer = setTimeout(resolve, milliseconds, true);
  });
  try {
    return await Promise.race([next.then(() => false), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
