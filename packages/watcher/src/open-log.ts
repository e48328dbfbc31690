import { type Capture, type OpenedSource, openReplay, openSource } from '@oomwatcher/kmsg';
import { keepFilter } from '@oomwatcher/oom';
import { victimSnapshots } from './attribution/victim-files.js';
import type { NodeFacts } from './node/node.js';
import type { WatchOptions } from './options.js';

/** What is read: the live log, or a capture. @throws KmsgError when the log cannot be opened. */
export function openLog(options: WatchOptions, node: NodeFacts | undefined): OpenedSource {
  const { capture, source, warn } = options;
  if (capture !== undefined) {
    return {
      source: openReplay(capture, { keep: keepFilter }),
      reason: `replay of ${nameOf(capture)}`,
    };
  }
  const snapshots = node === undefined ? [] : victimSnapshots(node);
  return openSource({ source, keep: keepFilter, snapshots, warn });
}

function nameOf(capture: Capture): string {
  return typeof capture === 'string' ? capture : 'the bytes that were given';
}
