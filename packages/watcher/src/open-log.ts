import { type Capture, openReplay, openSource } from '@oomwatcher/kmsg';
import { keepFilter } from '@oomwatcher/oom';
import { victimSnapshots } from './attribution/victim-files.js';
import type { NodeFacts } from './node/node.js';
import type { WatchOptions } from './options.js';

/** `node`: undefined where nobody has to look at the victims in /proc. */
export function openLog(options: WatchOptions, node: NodeFacts | undefined) {
  const { capture, source } = options;
  if (capture !== undefined) {
    return {
      source: openReplay(capture, { keep: keepFilter }),
      reason: `replay of ${nameOf(capture)}`,
    };
  }
  const snapshots = node === undefined ? [] : victimSnapshots(node);
  return openSource({ source, keep: keepFilter, snapshots });
}

function nameOf(capture: Capture): string {
  return typeof capture === 'string' ? capture : 'the bytes that were given';
}
