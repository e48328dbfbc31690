import type { KmsgWarning, Warn } from './warning.js';
import { warnBy } from './warning.js';

/**
 * Where a reader says what it does: `console` is one, as are winston's and bunyan's. For pino, which wants the fields first:
 * `{ warn: (message, fields) => log.warn(fields, message) }`. Fields can be written as JSON.
 *
 * What a logger throws is a warning of the process (`OOMWATCHER_LOGGER`, once), and ends no reading.
 */
export interface Logger {
  /** Which source reads and why, and when the log's past has been read. */
  info?: ((message: string, fields: LogFields) => void) | undefined;
  /** Records that were lost, at most once in 10 s, and what is not as it should be. */
  warn: (message: string, fields: LogFields) => void;
}

/** What a logger is told beside the sentence. */
export type LogFields = Readonly<Record<string, string | number>>;

/** A flood of the log loses records many times a second. */
const lossesEveryMs = 10_000;

/** Tells a logger, if there is one. */
export class Told {
  readonly #logger: Logger | undefined;
  readonly #warn: Warn | undefined;
  #lossesToldMs = Number.NEGATIVE_INFINITY;
  #untold = 0;

  constructor({ logger, warn }: { logger?: Logger | undefined; warn?: Warn | undefined }) {
    this.#logger = logger;
    this.#warn = warn;
  }

  /** Who is told of warnings. */
  get warn(): Warn | undefined {
    if (this.#warn !== undefined || this.#logger === undefined) return this.#warn;
    return ({ code, message }: KmsgWarning) => this.#tell('warn', message, { code });
  }

  source(kind: string, reason: string): void {
    this.#tell('info', `the kernel's log is read: ${reason}`, { source: kind });
  }

  watching(seq: bigint): void {
    this.#tell('info', 'all that was in the log has been read', { seq: Number(seq) });
  }

  /** @param lost how many records */
  lost(lost: number): void {
    this.#untold += lost;
    const nowMs = performance.now();
    if (nowMs - this.#lossesToldMs < lossesEveryMs) return;
    this.#lossesToldMs = nowMs;
    this.#tellLosses();
  }

  /** Something else that is not as it should be. */
  trouble(message: string, fields: LogFields): void {
    this.#tell('warn', message, fields);
  }

  /** Nothing will be told any more. */
  end(): void {
    if (this.#untold > 0) this.#tellLosses();
  }

  #tellLosses(): void {
    const lost = this.#untold;
    this.#untold = 0;
    this.#tell(
      'warn',
      `${lost} records of the kernel's log were overwritten before they were read`,
      {
        lost,
      },
    );
  }

  #tell(level: 'info' | 'warn', message: string, fields: LogFields): void {
    try {
      this.#logger?.[level]?.(message, fields);
    } catch (error) {
      warnBy(undefined, {
        code: 'OOMWATCHER_LOGGER',
        message: `the logger that was given to oomWatcher throws (${String(error)}): have it catch its own errors`,
      });
    }
  }
}
