import type { KeepFilter, ReaderStats, SnapshotRule } from './addon-types.js';
import type { Batch } from './batch.js';

/** What reads: the addon, plain JavaScript, or a capture. */
export type SourceKind = 'native' | 'portable' | 'replay';

/** What every source has to know. */
export interface SourceOptions {
  /** Which records are wanted. */
  keep: KeepFilter;
  /** Files to read at the very moment a record names a process. */
  snapshots?: SnapshotRule[] | undefined;
}

/**
 * A reader of the kernel's log. Three implementations, one contract (test/contract.test.ts): every record that the
 * filter keeps, in sequence order, once; every record lost as a number in the stream; a caught-up row when all that was
 * in the log at opening has been read.
 */
export interface KmsgSource {
  readonly kind: SourceKind;

  /**
   * The next rows, oldest first; waits until there is at least one. `undefined`: the source has ended or was closed.
   * The batch is overwritten by the next call. One call at a time.
   *
   * @throws KmsgError when the device failed; the source is then at its end.
   */
  next(): Promise<Batch | undefined>;

  /** Has the log read on at once, where reading waits for the kernel to wake it. */
  look?(): void;

  stats(): ReaderStats;

  /** A `next` that waits keeps the process alive, which is the default; `unref`: it does not. A capture's stream decides itself. */
  ref(): void;
  unref(): void;

  /** Releases everything; a `next` that waits resolves to undefined. Idempotent. */
  close(): void;
}
