import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** What may wait for a reader that does not read; a command that waits for it never comes near. */
const maxWaitingBytes = 8 * 1024 * 1024;

/** For so long a reader that does not read keeps a command from ending that was asked to end. */
const patienceMs = 1000;

/**
 * Standard output, with what can happen to it: a reader that is slow, whom a command waits for; one that hangs, whom an
 * agent cannot wait for; and one that goes away (`| head -1`), which ends a command without being a failure.
 */
class StandardOutput {
  /** Nobody will read any more. */
  closed = false;
  /** Why, when it was not the reader: a full disk, for example. */
  failure: NodeJS.ErrnoException | undefined;
  #to: Writable = process.stdout;
  readonly #hurried = Promise.withResolvers<void>();
  #leftOut = 0;
  #report: (lines: number) => void = () => {};

  constructor() {
    for (const stream of [process.stdout, process.stderr]) neverStand(stream);
    process.stdout.on('drain', () => this.#reportLeftOut());
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      this.closed = true;
      if (error.code !== 'EPIPE') this.failure ??= error;
    });
    process.stderr.on('error', () => {});
  }

  writeLine(line: string): void {
    if (this.closed) return;
    if (this.#to.writableLength >= maxWaitingBytes) this.#leftOut++;
    else this.#to.write(`${line}\n`);
  }

  /** A line beside the output: on standard error, but where the terminal is a pager's, through that. */
  writeRemark(line: string): void {
    const isHidden = this.#to !== process.stdout && process.stderr.isTTY;
    if (isHidden) this.writeLine(line);
    else process.stderr.write(`${line}\n`);
  }

  /** What is written meanwhile goes there. A reader that goes away ends the writing, and is no failure. */
  async into(stream: Writable, write: () => Promise<void>): Promise<void> {
    stream.on('error', () => {
      this.closed = true;
    });
    this.#to = stream;
    try {
      await write();
    } finally {
      this.#to = process.stdout;
      this.closed = false;
    }
  }

  /** Called with how many lines were left out because nobody read, when somebody reads again. */
  onLeftOut(report: (lines: number) => void): void {
    this.#report = report;
  }

  /** The command was asked to end: what nobody reads within a second is not waited for. */
  hurry(): void {
    setTimeout(() => this.#hurried.resolve(), patienceMs);
  }

  /** Resolves when what was written is taken, or nobody will take it. */
  async drained(): Promise<void> {
    if (this.closed || !this.#to.writableNeedDrain) return;
    const waiting = new AbortController();
    const { signal } = waiting;
    await Promise.race([
      once(this.#to, 'drain', { signal }),
      once(this.#to, 'close', { signal }),
    ]).catch(() => {});
    // What did not happen is not listened for any more.
    waiting.abort();
  }

  /** Resolves when it is known what became of all that was written: an error comes later than its write. */
  async settled(): Promise<void> {
    if (this.closed) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    process.stdout.write('', () => resolve());
    await Promise.race([promise, this.#hurried.promise]);
    this.#reportLeftOut();
  }

  #reportLeftOut(): void {
    if (this.#leftOut === 0) return;
    const lines = this.#leftOut;
    this.#leftOut = 0;
    this.#report(lines);
  }
}

/**
 * Node writes to a terminal and stands until it takes that: Ctrl-S on it, or a lost connection behind it, would stop the
 * whole agent, and no signal would be heard any more.
 */
function neverStand(stream: NodeJS.WriteStream): void {
  const { _handle } = stream as { _handle?: { setBlocking?: (blocking: boolean) => void } };
  if (stream.isTTY) _handle?.setBlocking?.(false);
}

export const standardOutput = new StandardOutput();
