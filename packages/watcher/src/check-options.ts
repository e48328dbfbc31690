import { checkChoice, checkLogOptions } from '@oomwatcher/kmsg';
import { checkCounts } from './attribution/known-counts.js';
import type { WatchOptions } from './options.js';

/** As checkLogOptions, for what a watch has beside. @throws KmsgError with code `ERR_INVALID_ARG_VALUE`. */
export function checkOptions(options: WatchOptions): void {
  checkLogOptions(options);
  checkChoice('witness', options.witness, ['auto', 'off', 'require']);
  checkChoice('reports', options.reports, [true, false]);
  if (options.counts !== undefined) checkCounts(options.counts);
  checkChoice('acknowledges', options.acknowledges, [true, false]);
}
