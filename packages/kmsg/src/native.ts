import { loadAddon } from './addon.js';
import type { BatchMemory, KmsgReader, ReaderStats } from './addon-types.js';
import { allocateBatch, type Batch } from './batch.js';
import { KmsgError, openingError, readingError } from './errors.js';
import { EventLoopWait } from './event-loop-wait.js';
import type { KmsgSource, SourceOptions } from './source.js';

/** How the addon reads the log. */
export interface NativeOptions extends SourceOptions {
  /** Default `/dev/kmsg`. */
  path?: string | undefined;
  /** Default: a batch memory of its own. */
  memory?: BatchMemory | undefined;
  /** Size of the drain thread's memory ring, bytes; default 8 MiB, at least 64 KiB. */
  ringBytes?: number | undefined;
}

/**
 * Reads the device on the addon's own thread: JavaScript may be busy for seconds without losing a record.
 *
 * @throws KmsgError when the device cannot be opened; with code `ERR_NO_ADDON` when the addon does not load.
 */
export function openNative(options: NativeOptions): KmsgSource {
  const { addon, reason, cause } = loadAddon();
  if (addon === undefined) {
    throw new KmsgError(
      `the native source cannot be used, ${reason}`,
      { code: 'ERR_NO_ADDON', remedy: 'build or install it, or use the portable source' },
      { cause },
    );
  }
  return new NativeSource(addon.KmsgReader, options);
}

class NativeSource implements KmsgSource {
  readonly kind = 'native';

  readonly #path: string;
  readonly #memory: BatchMemory;
  readonly #reader: KmsgReader;
  readonly #eventLoop = new EventLoopWait();
  #wake: (() => void) | undefined;
  #closed = false;
  /** Only a `next` that waits keeps the process alive: a log that nobody reads must not. */
  #isRef = true;
  #waits = false;

  constructor(Reader: typeof KmsgReader, options: NativeOptions) {
    this.#path = options.path ?? '/dev/kmsg';
    this.#memory = options.memory ?? allocateBatch();
    const { keep, snapshots = [], ringBytes } = options;
    const readerOptions = { path: this.#path, keep, snapshots };
    try {
      this.#reader = new Reader(
        ringBytes === undefined ? readerOptions : { ...readerOptions, ringBytes },
        () => this.#wake?.(),
      );
    } catch (error) {
      throw isSystemError(error) ? openingError(error, this.#path) : error;
    }
    this.#reader.unref();
  }

  async next(): Promise<Batch | undefined> {
    if (!this.#closed) await this.#eventLoop.next(0);
    while (!this.#closed) {
      // Made before the read: a wake between an empty read and the wait would be lost.
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const length = this.#read();
      if (length > 0) return { memory: this.#memory, length };
      this.#setWaits(true);
      await woken;
      this.#setWaits(false);
    }
    return undefined;
  }

  look(): void {
    this.#reader.look();
  }

  ref(): void {
    this.#isRef = true;
    if (this.#waits) this.#reader.ref();
  }

  unref(): void {
    this.#isRef = false;
    this.#reader.unref();
  }

  stats(): ReaderStats {
    return this.#reader.stats();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#reader.close();
    this.#eventLoop.cancel();
    this.#wake?.();
  }

  #setWaits(waits: boolean): void {
    this.#waits = waits;
    if (waits && this.#isRef) this.#reader.ref();
    else this.#reader.unref();
  }

  #read(): number {
    try {
      return this.#reader.read(this.#memory);
    } catch (error) {
      this.close();
      throw isSystemError(error) ? readingError(error, this.#path) : error;
    }
  }
}

/** Others are mistakes of the caller, such as an empty marker. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
