import { maxRecordBytes } from './batch-writer.js';
import { join } from './sequence.js';
import { RecordSplitter } from './splitter.js';

/** The system calls that it takes. Failures of `read` are thrown as node:fs throws them. */
export interface LogStartIo {
  open(path: string): number;
  /** lseek(fd, 0, SEEK_END): behind the newest record. false, or no such call: not possible here. */
  seekEnd?(fd: number): boolean;
  read(fd: number, target: Uint8Array, offset: number, length: number): number;
  close(fd: number): void;
}

/**
 * Tells what was in the log when it was opened: a descriptor of its own that begins behind the newest record of that
 * moment. What it reads first was written after it. Not by time: the clock of the records is none of user space's, and
 * drifts away from all of them.
 */
export class LogStart {
  readonly #io: LogStartIo;
  /** undefined: closed, or the end could not be marked. */
  #fd: number | undefined;
  #firstNewSeq: bigint | undefined;

  /** Marks the end that the log has now. Where that is not possible nothing is ever known. */
  constructor(io: LogStartIo, path: string) {
    this.#io = io;
    if (io.seekEnd === undefined) return;
    try {
      this.#fd = io.open(path);
      if (!io.seekEnd(this.#fd)) this.close();
    } catch {
      // No more descriptors, perhaps: the log itself is open.
    }
  }

  /** The number of the first record that was written after the mark; undefined: none is known to be. Never blocks. */
  firstNewSeq(): bigint | undefined {
    if (this.#firstNewSeq === undefined && this.#fd !== undefined) {
      this.#firstNewSeq = this.#next(this.#fd);
    }
    return this.#firstNewSeq;
  }

  /** Idempotent. */
  close(): void {
    if (this.#fd !== undefined) this.#io.close(this.#fd);
    this.#fd = undefined;
  }

  #next(fd: number): bigint | undefined {
    const bytes = Buffer.alloc(maxRecordBytes);
    for (;;) {
      try {
        const length = this.#io.read(fd, bytes, 0, bytes.length);
        const splitter = new RecordSplitter();
        if (!splitter.split(bytes, 0, length)) return undefined;
        return join(splitter.seqHigh, splitter.seqLow);
      } catch (error) {
        // Overrun, or cut short by a signal: the oldest record that is left is a new one, too.
        if (!['EPIPE', 'EINTR'].includes((error as NodeJS.ErrnoException).code ?? '')) {
          return undefined;
        }
      }
    }
  }
}
