import { once } from 'node:events';

/**
 * Standard output, with the two things that can happen to it: a reader that is slow, whom a command waits for, and one
 * that goes away (`| head -1`), which ends a command without being a failure.
 */
class StandardOutput {
  /** Nobody will read any more. */
  closed = false;
  /** Why, when it was not the reader: a full disk, for example. */
  failure: NodeJS.ErrnoException | undefined;

  constructor() {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      this.closed = true;
      if (error.code !== 'EPIPE') this.failure ??= error;
    });
    process.stderr.on('error', () => {});
  }

  writeLine(line: string): void {
    if (!this.closed) process.stdout.write(`${line}\n`);
  }

  /** Resolves when what was written is taken, or nobody will take it. */
  async drained(): Promise<void> {
    if (this.closed || !process.stdout.writableNeedDrain) return;
    const waiting = new AbortController();
    const { signal } = waiting;
    await Promise.race([
      once(process.stdout, 'drain', { signal }),
      once(process.stdout, 'close', { signal }),
    ]).catch(() => {});
    // What did not happen is not listened for any more.
    waiting.abort();
  }

  /** Resolves when it is known what became of all that was written: an error is told later than its write. */
  async settled(): Promise<void> {
    if (this.closed) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    process.stdout.write('', () => resolve());
    await promise;
  }
}

export const standardOutput = new StandardOutput();
