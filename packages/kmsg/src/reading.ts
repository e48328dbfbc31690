import { KmsgError, notCapture } from './errors.js';
import type { LogOptions } from './log-options.js';
import type { Told } from './logger.js';
import type { OpenedSource } from './open-source.js';
import type { KmsgSource } from './source.js';

/**
 * One reading of a log, by one consumer, once: whoever iterates it gets items, whoever iterates `events()` all that
 * happens. What an event is, and which of them have an item, a subclass says.
 */
export abstract class Reading<Event, Item> implements AsyncIterable<Item>, AsyncDisposable {
  /** Which reader is live, and why, in one sentence. */
  readonly source: { readonly kind: KmsgSource['kind']; readonly reason: string };

  readonly #source: KmsgSource;
  readonly #told: Told;
  readonly #options: Pick<LogOptions, 'capture' | 'signal'>;
  #iterated = false;
  #closed = false;

  protected constructor(
    { source, reason }: OpenedSource,
    told: Told,
    options: Pick<LogOptions, 'capture' | 'signal'>,
  ) {
    this.source = { kind: source.kind, reason };
    this.#source = source;
    this.#told = told;
    this.#options = options;
  }

  /** All that happens, in the log's order, and closes the reading in the end. */
  protected abstract read(): AsyncGenerator<Event, void, undefined>;

  protected abstract itemOf(event: Event): Item | undefined;

  /** Called once, before the source is closed. */
  protected closing(): void {}

  /** The last step of a subclass's constructor: from here on the signal, and a logger that aborts it, may close it. */
  protected opened(): void {
    const { signal } = this.#options;
    signal?.addEventListener('abort', this.close, { once: true });
    this.#told.source(this.source.kind, this.source.reason);
    if (signal?.aborted) this.close();
  }

  /** @throws KmsgError when what was given as a capture is none (`ERR_NO_CAPTURE`). */
  protected refuseNoCapture(): void {
    const { capture } = this.#options;
    const { read, malformed } = this.#source.stats();
    if (capture !== undefined && read > 0 && malformed === read) {
      throw notCapture(typeof capture === 'string' ? capture : undefined);
    }
  }

  /** Ends the reading: an iteration that waits is done. Idempotent. */
  readonly close = (): void => {
    if (this.#closed) return;
    this.#closed = true;
    this.#options.signal?.removeEventListener('abort', this.close);
    this.closing();
    this.#source.close();
    this.#told.end();
  };

  /** `await using`: closes the reading. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  /** An iteration that waits keeps the process alive, which is the default. A reading that nobody iterates never does. */
  ref(): this {
    this.#source.ref();
    return this;
  }

  /** An iteration that waits does not keep the process alive. */
  unref(): this {
    this.#source.unref();
    return this;
  }

  [Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    return this.#items(this.events());
  }

  /**
   * All that happens, in the order of the log.
   *
   * @throws KmsgError at once, when somebody else iterates (`ERR_WATCHER_IN_USE`); from the iteration, when the log cannot
   *   be read any more, or what was given as a capture is none (`ERR_NO_CAPTURE`).
   */
  events(): AsyncGenerator<Event, void, undefined> {
    if (this.#iterated && !this.#closed) {
      throw new KmsgError('the log is iterated already', {
        code: 'ERR_WATCHER_IN_USE',
        remedy: 'have one loop for all, or open the log again',
      });
    }
    this.#iterated = true;
    return this.read();
  }

  async *#items(
    events: AsyncGenerator<Event, void, undefined>,
  ): AsyncGenerator<Item, void, undefined> {
    for await (const event of events) {
      const item = this.itemOf(event);
      if (item !== undefined) yield item;
    }
  }
}
