const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Every time span of this folder, in milliseconds, and every rate: in one place, so that tests can make an hour short. */
export interface Timing {
  /** A subject's kills within it are combined when they are many. */
  windowMs: number;
  /** `--event-ttl` of API servers, by default: older kills make no event. */
  eventLifeMs: number;
  /** A combined event is brought up to date so often at most. */
  coalesceMs: number;
  /** What was refused (a verb that RBAC does not grant, an event that is not valid) is tried again after it. */
  parkMs: number;
  /** The first and the longest pause after failures. */
  firstPauseMs: number;
  maxPauseMs: number;
  /** However long the server asks to be left alone. */
  maxRetryAfterMs: number;
  requestTimeoutMs: number;
  /** Requests that write events: a burst, and then so many a second. */
  burstRequests: number;
  requestsPerSecond: number;
  /** Pages of lists of pods: the same. A node of 5,000 pods has a hundred. */
  burstReads: number;
  readsPerSecond: number;
  /** The Node's UID is asked for again when an event needs it and it is older. */
  nodeMaxAgeMs: number;
  /** The server is asked to end a watch after it; a watch that goes on so much longer is dead. */
  watchMs: number;
  watchGraceMs: number;
  /** Between two lists that were made because a pod was not known. */
  missPauseMs: number;
  /** A pod that no list so long after its kill has is gone for good. */
  goneAfterMs: number;
  /** For so long names are looked for. */
  namingLifeMs: number;
  /** A pod that is gone is known for so long. */
  tombstoneMs: number;
  /** What stop() waits for events that can still be delivered. */
  drainMs: number;
}

export const defaultTiming: Timing = {
  windowMs: 10 * minute,
  eventLifeMs: hour,
  coalesceMs: 5 * second,
  parkMs: 5 * minute,
  firstPauseMs: second / 2,
  maxPauseMs: 10 * second,
  maxRetryAfterMs: 5 * minute,
  requestTimeoutMs: 10 * second,
  burstRequests: 20,
  requestsPerSecond: 5,
  burstReads: 40,
  readsPerSecond: 20,
  nodeMaxAgeMs: minute,
  watchMs: 290 * second,
  watchGraceMs: 20 * second,
  missPauseMs: second,
  goneAfterMs: minute,
  namingLifeMs: hour,
  tombstoneMs: 10 * minute,
  drainMs: 4 * second,
};
