import type { LogOptions } from '@oomwatcher/kmsg';
import type { WitnessChoice } from './attribution/open-witness.js';

/**
 * What is watched and from where on; everything has a default: this node, from now on, without the lines of the log.
 */
export interface WatchOptions extends LogOptions, WitnessChoice {
  /** Whether each kill comes with the lines of the log that it was read from; default false. */
  reports?: boolean | undefined;
}
