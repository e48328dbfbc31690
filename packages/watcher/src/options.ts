import type { Capture, Warn } from '@oomwatcher/kmsg';
import type { WitnessChoice } from './attribution/open-witness.js';

/**
 * Where a watcher stopped: everything up to `seq` of this boot has been given out. As JSON, `seq` is a string of digits; so
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
 * What is watched and from where on; everything has a default: this node, from now on, without the lines of the log.
 */
export interface WatchOptions extends WitnessChoice {
  /** Which reader of /dev/kmsg; default: native, portable where the addon cannot load. */
  source?: 'native' | 'portable' | undefined;
  /** A raw kmsg capture to read instead of the live log: a file's path, its bytes, or chunks of them. */
  capture?: Capture | undefined;
  /** `now` (default): kills from here on. `boot`: also those that the kernel's ring still holds. */
  from?: 'now' | 'boot' | undefined;
  /** Go on where an earlier watcher stopped; wins over `from`. A cursor of another boot starts at the ring's oldest. */
  cursor?: StoredCursor | undefined;
  /** Whether each kill comes with the lines of the log that it was read from; default false. */
  reports?: boolean | undefined;
  /** Who is told when plain JavaScript reads since the addon does not load; default: `process.emitWarning`, once. */
  warn?: Warn | undefined;
  /** Ends the watch. */
  signal?: AbortSignal | undefined;
}
