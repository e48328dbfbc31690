import type { Logger } from './logger.js';
import type { Capture } from './replay.js';
import type { KmsgSource, SourceOptions } from './source.js';
import type { Warn } from './warning.js';

/**
 * Where a reader stopped: everything up to `seq` of this boot has been given out. As JSON, `seq` is a string of digits; so
 * it is taken back by the option `cursor`.
 */
export interface Cursor {
  /** The kernel's random id of the boot (/proc/sys/kernel/random/boot_id). */
  bootId: string;
  /** The kernel's number of the last record that is done with. */
  seq: bigint;
}

/** A cursor as it was given out, or as it was read back from JSON. */
export type StoredCursor = Omit<Cursor, 'seq'> & { seq: bigint | number | string };

/**
 * A source of the program's own for this node's live log: it is called once, at once, with what is wanted, and keeps the
 * contract of KmsgSource. The sources of this package may be what it makes:
 * `(wanted) => openNative({ ...wanted, path: '/host/dev/kmsg', ringBytes: 2 ** 25 })`.
 */
export type OpenOwnSource = (wanted: SourceOptions) => KmsgSource;

/** Which log is read and from where on; everything has a default: this node's, from now on. */
export interface LogOptions {
  /** Which reader of /dev/kmsg; default: native, portable where the addon cannot load. A function: a source of one's own. */
  source?: 'native' | 'portable' | OpenOwnSource | undefined;
  /** A raw kmsg capture to read instead of the live log: a file's path, its bytes, or chunks of them. */
  capture?: Capture | undefined;
  /** `now` (default): what comes from here on. `boot`: also what the kernel's ring still holds. */
  from?: 'now' | 'boot' | undefined;
  /** Go on where an earlier reader stopped; wins over `from`. A cursor of another boot starts at the ring's oldest. */
  cursor?: StoredCursor | undefined;
  /**
   * Who is told when plain JavaScript reads since the addon does not load; default: the logger, without one
   * `process.emitWarning`, once.
   */
  warn?: Warn | undefined;
  /** Is told what happens beside what is given out. Default: nobody. */
  logger?: Logger | undefined;
  /** Ends the reading. */
  signal?: AbortSignal | undefined;
}
