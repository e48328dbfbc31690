import type { Timing } from '../../src/timing.js';

/** A thousand misfortunes in some seconds. */
export const hasty: Partial<Timing> = {
  coalesceMs: 5,
  firstPauseMs: 1,
  maxPauseMs: 8,
  parkMs: 20,
  missPauseMs: 5,
  nodeMaxAgeMs: 20,
  maxRetryAfterMs: 20,
  requestTimeoutMs: 100,
  watchMs: 1_000,
  watchGraceMs: 100,
  burstReads: 1e6,
  readsPerSecond: 1e6,
  burstRequests: 1e6,
  requestsPerSecond: 1e6,
  drainMs: 100,
};
