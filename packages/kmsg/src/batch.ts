import type { BatchMemory } from './addon-types.js';

/** What a row of a batch is. The numbers are part of the native seam (native/index.d.ts). */
export const RowKind = {
  /** A record of the log. */
  record: 0,
  /** Records that nobody can read any more: `lost` of them, from `seq` on. */
  loss: 1,
  /** Once per source: everything that was in the log when the source was opened has been read. */
  caughtUp: 2,
} as const;

const defaultRows = 1024;
const defaultArenaBytes = 256 * 1024;

/** Allocates the memory of a batch: about 370 KiB by default, reused for the whole life of a source. */
export function allocateBatch(rows = defaultRows, arenaBytes = defaultArenaBytes): BatchMemory {
  return {
    arena: new Uint8Array(arenaBytes),
    kind: new Uint8Array(rows),
    priority: new Uint16Array(rows),
    flag: new Uint8Array(rows),
    fresh: new Uint8Array(rows),
    seq: new BigUint64Array(rows),
    timestampUs: new Float64Array(rows),
    readMonotonicUs: new Float64Array(rows),
    readRealtimeUs: new Float64Array(rows),
    lost: new Float64Array(rows),
    recordOffset: new Uint32Array(rows),
    recordLength: new Uint32Array(rows),
    textOffset: new Uint32Array(rows),
    textLength: new Uint32Array(rows),
    snapshotOffset: new Uint32Array(rows),
    snapshotLength: new Uint32Array(rows),
  };
}

/** A filled batch. Valid until the next call of the source that gave it. */
export interface Batch {
  readonly memory: BatchMemory;
  readonly length: number;
}
