import type { Qos } from './qos.js';

/** The node's other pods where its memory ran out, as their cgroups were a moment later. No kernel log says it. */
export interface OtherPods {
  /** How long after the kill they were read, milliseconds. */
  afterMs: number;
  /** How many there were, the victim's own not counted. */
  count: number;
  /** Those that held most, without page cache, at most 10; biggest first. */
  biggest: OtherPod[];
}

/** One pod, sizes in KiB. */
export interface OtherPod {
  uid: string;
  qos: Qos;
  namespace?: string;
  name?: string;
  /** What its cgroup used, page cache included. */
  usageKiB: number;
  /** Page cache of it, without tmpfs and shared memory: what the kernel can take back. */
  fileKiB: number;
  /** The limit that its cgroup had; absent: none. */
  limitKiB?: number;
  /** What it asked the scheduler for, by its spec; 0: nothing; absent: its spec is not known. */
  requestKiB?: number;
}

/** So many are told of one kill. */
export const maxOtherPods = 10;
