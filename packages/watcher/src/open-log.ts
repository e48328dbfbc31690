import { type OpenedSource, openLog } from '@oomwatcher/kmsg';
import { keepFilter } from '@oomwatcher/oom';
import { victimSnapshots } from './attribution/victim-files.js';
import type { NodeFacts } from './node/node.js';
import type { WatchOptions } from './options.js';

/** The log, and the files of each victim. @throws KmsgError when it cannot be opened. */
export function openOomLog(options: WatchOptions, node: NodeFacts | undefined): OpenedSource {
  const snapshots = node === undefined ? [] : victimSnapshots(node);
  return openLog(options, { keep: keepFilter, snapshots });
}
