import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { constants as osConstants } from 'node:os';
import type { BatchMemory, ReaderStats } from './addon-types.js';
import { allocateBatch, type Batch } from './batch.js';
import { BatchWriter, maxRecordBytes, type ReadingClocks } from './batch-writer.js';
import { type KmsgError, notKmsg, openingError, readingError } from './errors.js';
import { EventLoopWait } from './event-loop-wait.js';
import { LogStart, type LogStartIo } from './log-start.js';
import { seekEnd } from './seek-end.js';
import type { FolderIo } from './snapshot.js';
import type { KmsgSource, SourceOptions } from './source.js';

/**
 * JavaScript cannot poll the device: net.Socket and tty.ReadStream refuse it, and a blocking read would pin a thread of
 * the pool for ever. So an empty log is asked again after this time. A shorter one costs wake-ups on an idle node, a
 * longer one a victim's /proc entry; and a ring of 4096 records outlives 50 ms of anything below 80,000 records/s.
 */
const pollIntervalMs = 50;

/**
 * After a record that named a dying process another may come, and how soon it is read decides whether /proc still says
 * of its process. When the kernel withholds reports because kills come fast, the next one is less than a second away.
 */
const boostMs = 1000;
const boostIntervalMs = 1;

/** A record found later than this after the log was last seen empty is not fresh: the process was stopped or busy. */
const freshWithinUs = 2 * pollIntervalMs * 1000;

/** A flood may never let the log run dry, and have no record that is wanted. */
const lookEveryUs = 10_000;

/** Reads in one turn of the event loop, about 4 ms: a busy log must not keep timers and sockets waiting. */
const readsPerTurn = 1024;

/** The system calls of the portable source; tests script their answers. Failures are thrown as node:fs throws them. */
export interface PortableIo extends ReadingClocks, FolderIo, LogStartIo {
  /** Whether the descriptor is the character device 1:11. */
  isKmsg(fd: number): boolean;
}

/** How plain JavaScript reads the log. */
export interface PortableOptions extends SourceOptions {
  /** Default `/dev/kmsg`. */
  path?: string | undefined;
  /** Default: a batch memory of its own. */
  memory?: BatchMemory | undefined;
  io?: PortableIo | undefined;
}

/**
 * Reads the device in plain JavaScript, on the event loop: no thread, so a blocked loop reads nothing and only the
 * kernel's ring holds the records meanwhile. It is the specification of the native source.
 *
 * @throws KmsgError when the device cannot be opened.
 */
export function openPortable(options: PortableOptions): KmsgSource {
  return new PortableSource(options);
}

class PortableSource implements KmsgSource {
  readonly kind = 'portable';

  readonly #path: string;
  readonly #io: PortableIo;
  readonly #fd: number;
  readonly #writer: BatchWriter;
  readonly #eventLoop = new EventLoopWait();
  /** When the log was last seen empty; undefined while there is more to read. */
  #emptyAtUs: number | undefined;
  /** undefined: everything of before the opening has been read. */
  #start: LogStart | undefined;
  #lookedUs: number;
  #boostUntilUs = 0;
  #failure: KmsgError | undefined;
  #closed = false;

  constructor(options: PortableOptions) {
    this.#path = options.path ?? '/dev/kmsg';
    this.#io = options.io ?? systemIo;
    const io = this.#io;
    const memory = options.memory ?? allocateBatch();
    this.#writer = new BatchWriter(memory, options, io, io, (seq, lastSeq) =>
      this.#catchUpBefore(seq, lastSeq),
    );
    this.#fd = openDevice(io, this.#path);
    this.#start = new LogStart(io, this.#path);
    this.#lookedUs = io.monotonicUs();
  }

  async next(): Promise<Batch | undefined> {
    this.#writer.reset();
    while (this.#failure === undefined && !this.#closed) {
      await this.#eventLoop.next(this.#emptyAtUs === undefined ? 0 : this.#intervalMs());
      if (this.#closed) return undefined;
      this.#lookNowAndThen();
      this.#drain();
      if (!this.#writer.isEmpty) return this.#writer.batch();
    }
    if (this.#closed) return undefined;
    this.close();
    throw this.#failure;
  }

  stats(): ReaderStats {
    return this.#writer.stats();
  }

  ref(): void {
    this.#eventLoop.setRef(true);
  }

  unref(): void {
    this.#eventLoop.setRef(false);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#io.close(this.#fd);
    this.#start?.close();
    this.#eventLoop.cancel();
  }

  #drain(): void {
    for (let reads = 0; reads < readsPerTurn && this.#writer.hasRoom; reads++) {
      let length: number;
      try {
        const { arena, position } = this.#writer;
        length = this.#io.read(this.#fd, arena, position, maxRecordBytes);
      } catch (error) {
        if (this.#goesOn(error as NodeJS.ErrnoException)) continue;
        return;
      }
      if (length === 0) {
        this.#failure = readingError(endOfLog(), this.#path);
        return;
      }
      if (this.#writer.record(length, this.#isFresh()) && this.#start === undefined) {
        this.#boostUntilUs = this.#io.monotonicUs() + boostMs * 1000;
      }
      this.#emptyAtUs = undefined;
    }
  }

  /** Whether another read may follow at once. */
  #goesOn(error: NodeJS.ErrnoException): boolean {
    switch (error.code) {
      case 'EAGAIN':
        this.#catchUp();
        this.#writer.dry();
        this.#emptyAtUs = this.#io.monotonicUs();
        return false;
      case 'EINTR':
        return true;
      case 'EPIPE':
        // The position is now that of the oldest record, which is not a fresh one.
        this.#emptyAtUs = undefined;
        this.#writer.overrun();
        return true;
      case 'EINVAL':
        this.#writer.oversize();
        return true;
      default:
        this.#failure = readingError(error, this.#path);
        return false;
    }
  }

  #intervalMs(): number {
    return this.#io.monotonicUs() < this.#boostUntilUs ? boostIntervalMs : pollIntervalMs;
  }

  #lookNowAndThen(): void {
    if (this.#start === undefined) return;
    const nowUs = this.#io.monotonicUs();
    if (nowUs - this.#lookedUs < lookEveryUs) return;
    this.#lookedUs = nowUs;
    const { lastSeq } = this.#writer;
    this.#catchUpBefore(lastSeq + 1n, lastSeq);
  }

  /** Where the record is a new one, all that was in the log at the opening has been read. */
  #catchUpBefore(seq: bigint, lastSeq: bigint): void {
    const firstNewSeq = this.#start?.firstNewSeq();
    if (firstNewSeq !== undefined && seq >= firstNewSeq) this.#catchUp(lastSeq);
  }

  #catchUp(lastSeq?: bigint): void {
    if (this.#start === undefined) return;
    this.#start.close();
    this.#start = undefined;
    this.#writer.beforeRow = undefined;
    this.#writer.caughtUp(lastSeq);
  }

  #isFresh(): boolean {
    const emptyAtUs = this.#emptyAtUs;
    return emptyAtUs !== undefined && this.#io.monotonicUs() - emptyAtUs <= freshWithinUs;
  }
}

/** The log has no end: were a read ever to return 0, waiting for more would be silence for ever. */
function endOfLog(): NodeJS.ErrnoException {
  return Object.assign(new Error('the log ended'), {
    code: 'ENODATA',
    errno: -osConstants.errno.ENODATA,
    syscall: 'read',
  });
}

function openDevice(io: PortableIo, path: string): number {
  let fd: number;
  try {
    fd = io.open(path);
  } catch (error) {
    throw openingError(error, path);
  }
  if (io.isKmsg(fd)) return fd;
  io.close(fd);
  throw openingError(notKmsg(path), path);
}

/** Non-blocking keeps the open itself from hanging when something put a FIFO there. */
const openFlags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/** makedev(1, 11) as Linux encodes it for user space. */
const kmsgDevice = (1 << 8) | 11;

/** performance.now() counts CLOCK_MONOTONIC from the start of the process, and unlike hrtime makes no object. */
const processStartUs = Number(process.hrtime.bigint()) / 1000 - performance.now() * 1000;

const systemIo: PortableIo = {
  open: (path) => openSync(path, openFlags),
  isKmsg(fd) {
    const stat = fstatSync(fd);
    return stat.isCharacterDevice() && stat.rdev === kmsgDevice;
  },
  seekEnd,
  read: (fd, target, offset, length) => readSync(fd, target, offset, length, null),
  close: closeSync,
  openFolder: (path) => orErrno(() => openSync(path, constants.O_RDONLY | constants.O_DIRECTORY)),
  // Node has no openat(2); the kernel follows this link to the open folder itself, not to its path.
  readFile: (folder, name, target) =>
    orErrno(() => readInto(`/proc/self/fd/${folder}/${name}`, target)),
  monotonicUs: () => processStartUs + performance.now() * 1000,
  // To the millisecond: Node has no finer clock that follows a step of the system's time.
  realtimeUs: () => Date.now() * 1000,
};

function readInto(path: string, target: Uint8Array): number {
  const fd = openSync(path, openFlags);
  try {
    let length = 0;
    while (length < target.length) {
      const count = readSync(fd, target, length, target.length - length, null);
      if (count === 0) break;
      length += count;
    }
    return length;
  } finally {
    closeSync(fd);
  }
}

function orErrno(call: () => number): number {
  try {
    return call();
  } catch (error) {
    return (error as NodeJS.ErrnoException).errno ?? -osConstants.errno.EIO;
  }
}
