import {
  type Capture,
  notCapture,
  type OpenedSource,
  openReplay,
  openSource,
  type ReaderStats,
} from '@oomwatcher/kmsg';
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

/** @throws KmsgError with code `ERR_NO_CAPTURE` at the end of a capture that held something else than records. */
export function requireRecords(capture: Capture | undefined, stats: ReaderStats): void {
  const { read, malformed } = stats;
  if (capture === undefined || read === 0 || malformed < read) return;
  throw notCapture(typeof capture === 'string' ? capture : undefined);
}
