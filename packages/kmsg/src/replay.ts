import { open } from 'node:fs/promises';
import type { BatchMemory, ReaderStats } from './addon-types.js';
import { allocateBatch, type Batch } from './batch.js';
import { BatchWriter, maxRecordBytes } from './batch-writer.js';
import { captureError, deviceError, KmsgError } from './errors.js';
import { EventLoopWait } from './event-loop-wait.js';
import { join } from './sequence.js';
import { noFolders } from './snapshot.js';
import type { KmsgSource, SourceOptions } from './source.js';
import { RecordSplitter } from './splitter.js';

const newline = 0x0a;
const space = 0x20;

/** Linux 6.3 and later cut a record at this length (PRINTK_MESSAGE_MAX), its final newline included. */
const cutRecordBytes = 2048;

const fileChunkBytes = 64 * 1024;

/** Lines in one turn of the event loop. */
const linesPerTurn = 1024;

/** A raw kmsg capture: a file's path, its bytes, or chunks of them that may end anywhere, also within a record. */
export type Capture = string | Uint8Array | AsyncIterable<Uint8Array>;

/** How a raw capture is read. */
export interface ReplayOptions extends SourceOptions {
  /** Default: a batch memory of its own. */
  memory?: BatchMemory | undefined;
}

/**
 * Reads a raw kmsg capture: the records exactly as read(2) gave them, one after another. Memory is constant whatever
 * the capture's size. There is no moment of reading, so the clock columns are NaN; and no snapshot is taken: today's
 * /proc knows nothing of a process that died when the capture was made, or worse, knows another by its number.
 *
 * A capture that cannot be read shows at the first `next`.
 */
export function openReplay(capture: Capture, options: ReplayOptions): KmsgSource {
  return new ReplaySource(capture, options);
}

const noClocks = { monotonicUs: () => Number.NaN, realtimeUs: () => Number.NaN };

class ReplaySource implements KmsgSource {
  readonly kind = 'replay';

  readonly #path: string | undefined;
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #writer: BatchWriter;
  readonly #eventLoop = new EventLoopWait();
  #cancelFetch: (() => void) | undefined;

  #chunk: Buffer = Buffer.alloc(0);
  /** How much of the chunk has been taken. */
  #taken = 0;
  #lastChunkTaken = false;
  /** Bytes of the unfinished record, which lie at the writer's position. */
  #partial = 0;
  #lineEnded = false;
  /** The record is larger than any of a kernel: the rest of it is skipped. */
  #skipping = false;
  #ended = false;
  /** Reported when what was read before it has been given out. */
  #failure: unknown;
  readonly #isStream: boolean;
  #pending: Promise<IteratorResult<Uint8Array>> | undefined;
  /** A record was taken before it was known whether a line of it follows. */
  #isTakenEarly = false;

  constructor(capture: Capture, options: ReplayOptions) {
    this.#path = typeof capture === 'string' ? capture : undefined;
    this.#isStream = typeof capture !== 'string' && !(capture instanceof Uint8Array);
    this.#chunks = chunksOf(capture);
    this.#writer = new BatchWriter(
      options.memory ?? allocateBatch(),
      { keep: options.keep },
      noClocks,
      noFolders,
    );
  }

  async next(): Promise<Batch | undefined> {
    this.#beginBatch();
    while (!this.#ended) {
      await this.#eventLoop.next(0);
      if (!this.#ended && this.#taken === this.#chunk.length) await this.#fetch();
      if (this.#ended) return undefined;
      this.#takeLines();
      if (this.#lastChunkTaken) this.#takeEnd();
      if (!this.#writer.isEmpty) return this.#writer.batch();
    }
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure;
    return undefined;
  }

  stats(): ReaderStats {
    return this.#writer.stats();
  }

  ref(): void {}

  unref(): void {}

  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    // An iterator that fails while it is asked to stop has nobody left to report to.
    this.#chunks.return?.().catch(() => {});
    this.#eventLoop.cancel();
    this.#cancelFetch?.();
  }

  #beginBatch(): void {
    const { arena, position } = this.#writer;
    this.#writer.reset();
    arena.copyWithin(0, position, position + this.#partial);
  }

  async #fetch(): Promise<void> {
    if (this.#lastChunkTaken) return;
    this.#pending ??= this.#chunks.next();
    if (this.#isStream && this.#lineEnded && (await isSilent(this.#pending))) {
      this.#isTakenEarly = true;
      this.#finishRecord();
      return;
    }
    try {
      const result = await this.#cancellable(this.#pending);
      if (result === undefined) return;
      this.#pending = undefined;
      this.#lastChunkTaken = result.done === true;
      this.#chunk = result.done ? Buffer.alloc(0) : bufferOf(result.value);
      this.#taken = 0;
    } catch (error) {
      this.#failure = error instanceof KmsgError ? error : captureError(error, this.#path);
      this.#lastChunkTaken = true;
    }
  }

  /** Promise.race would hold on to every chunk's promise for as long as the one for closing is pending. */
  #cancellable<T>(promise: Promise<T>): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      this.#cancelFetch = () => resolve(undefined);
      promise.then(resolve, reject);
    });
  }

  #takeLines(): void {
    const writer = this.#writer;
    const chunk = this.#chunk;
    for (let lines = 0; lines < linesPerTurn && this.#taken < chunk.length; lines++) {
      // A line that does not begin with a space begins the next record.
      while (this.#lineEnded && chunk[this.#taken] !== space && writer.hasRoom) {
        this.#finishRecord();
      }
      if (!writer.hasRoom) return;
      const found = chunk.indexOf(newline, this.#taken);
      const end = found === -1 ? chunk.length : found + 1;
      if (this.#isTakenEarly && chunk[this.#taken] === space) {
        this.#taken = end;
        continue;
      }
      this.#isTakenEarly = false;
      this.#takeLine(end);
      this.#lineEnded = found !== -1;
    }
  }

  #takeLine(end: number): void {
    const length = end - this.#taken;
    this.#skipping ||= this.#partial + length > maxRecordBytes;
    if (!this.#skipping) {
      const { arena, position } = this.#writer;
      this.#chunk.copy(arena, position + this.#partial, this.#taken, end);
      this.#partial += length;
    }
    this.#taken = end;
  }

  #finishRecord(): void {
    if (this.#skipping) {
      this.#writer.oversize();
      this.#dropPartial();
      return;
    }
    const { arena, position } = this.#writer;
    const length = this.#beginsWithCutRecord() ? cutRecordBytes : this.#partial;
    this.#writer.record(length, false);
    arena.copyWithin(this.#writer.position, position + length, position + this.#partial);
    this.#partial -= length;
    if (this.#partial === 0) this.#dropPartial();
  }

  #dropPartial(): void {
    this.#partial = 0;
    this.#skipping = false;
    this.#lineEnded = false;
  }

  /** Takes what is left after the last chunk: the capture may end within a record. */
  #takeEnd(): void {
    while ((this.#partial > 0 || this.#skipping) && this.#writer.hasRoom) {
      const whole =
        this.#lineEnded ||
        this.#skipping ||
        this.#partial === cutRecordBytes ||
        this.#beginsWithCutRecord();
      if (whole) {
        this.#finishRecord();
      } else {
        this.#writer.truncated(this.#partial);
        this.#dropPartial();
      }
    }
    if (this.#partial > 0 || !this.#writer.hasRoom) return;
    if (this.#failure === undefined) this.#writer.caughtUp();
    this.#ended = true;
  }

  /**
   * A record that the kernel cut can lack its newline, and then the next one follows in the same line. It is one when
   * its line goes on beyond the cut with the prefix of the very next sequence number.
   */
  #beginsWithCutRecord(): boolean {
    if (this.#partial <= cutRecordBytes) return false;
    const { arena, position } = this.#writer;
    const cut = position + cutRecordBytes;
    const lineEnd = arena.indexOf(newline, position);
    if (lineEnd !== -1 && lineEnd < cut) return false;
    const first = sequenceOf(arena, position, cut);
    return first !== undefined && sequenceOf(arena, cut, position + this.#partial) === first + 1n;
  }
}

function sequenceOf(bytes: Uint8Array, start: number, end: number): bigint | undefined {
  const splitter = new RecordSplitter();
  if (!splitter.split(bytes, start, end)) return undefined;
  return join(splitter.seqHigh, splitter.seqLow);
}

/** A stream that is written as the kernel's log is: who waits for the next record would wait for the next kill. */
const silentMs = 20;

/** Whether nothing comes for a moment. An error of the promise is left to who awaits it. */
async function isSilent(pending: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<true>((resolve) => {
    timer = setTimeout(resolve, silentMs, true);
  });
  const isThere = () => false;
  try {
    return await Promise.race([pending.then(isThere, isThere), silence]);
  } finally {
    clearTimeout(timer);
  }
}

function chunksOf(capture: Capture): AsyncIterator<Uint8Array> {
  if (typeof capture === 'string') return fileChunks(capture);
  if (capture instanceof Uint8Array) return oneChunk(capture);
  return capture[Symbol.asyncIterator]();
}

/**
 * Reads the file into the same bytes again and again. With a stream's chunks, which are garbage as soon as they are
 * taken, a replay of a gigabyte grew the process by 40 MiB between two collections.
 */
async function* fileChunks(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    // A device may never answer, and a read that waits for it cannot be ended, nor can the process.
    if ((await file.stat()).isCharacterDevice()) throw deviceError(path);
    const chunk = Buffer.allocUnsafeSlow(fileChunkBytes);
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
      if (bytesRead === 0) return;
      yield chunk.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
