import type { LogOptions } from '@oomwatcher/kmsg';
import type { KnownCounts } from './attribution/known-counts.js';
import type { WitnessChoice } from './attribution/open-witness.js';

/**
 * What is watched and from where on; everything has a default: this node, from now on, without the lines of the log.
 */
export interface WatchOptions extends LogOptions, WitnessChoice {
  /** Whether each kill comes with the lines of the log that it was read from; default false. */
  reports?: boolean | undefined;
  /**
   * Where the kernel's counters stood when an earlier watch ended (`Watcher.counts`), beside its `cursor`: kills of the
   * time between get their cgroup where the counters leave one answer. Those of another boot are not used.
   */
  counts?: KnownCounts | undefined;
}
