import type { BatchMemory } from '@oomwatcher/kmsg';

/** CLOCK_MONOTONIC where performance.now() begins. */
const processStartUs = Number(process.hrtime.bigint()) / 1000 - performance.now() * 1000;

/** When the record was printed, in the time of performance.now(); now, where that is not known. */
export function printedMs(
  memory: BatchMemory,
  row: number,
  wallTimeUs: number | undefined,
): number {
  if (wallTimeUs === undefined) return performance.now();
  const waitedUs = memory.readRealtimeUs[row]! - wallTimeUs;
  return (memory.readMonotonicUs[row]! - waitedUs - processStartUs) / 1000;
}
