import type { BatchMemory } from '../index.js';

export function allocateBatch(rows = 256, arenaBytes = 128 * 1024): BatchMemory {
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
