/**
 * The minutes before a kill, as a recorder on the node sampled them. Between two samples nothing is known. Of `cgroup` and
 * `limitOwner` at least one is there.
 */
export interface RunUp {
  /**
   * When the kill was on CLOCK_MONOTONIC, microseconds, as the agent reckons it: `Kill.monotonicUs` is of another clock, printk's.
   * No sample is later. Absent: not known.
   */
  killMonotonicUs?: number;
  /** The victim's own cgroup. */
  cgroup?: MemoryRunUp;
  /** The cgroup whose limit was reached, where it is another. */
  limitOwner?: MemoryRunUp;
}

/** What was recorded of one memory cgroup, it and all below it. */
export interface MemoryRunUp {
  /** From the root of the memory hierarchy, as in `KillCgroup`. */
  path: string;
  /** Since when the recorder has watched it: CLOCK_MONOTONIC, microseconds. */
  sinceMonotonicUs: number;
  /** Oldest first, at most 80; the older, the further apart. */
  samples: readonly MemorySample[];
}

/** The memory of a cgroup at one moment, KiB. */
export interface MemorySample {
  /** CLOCK_MONOTONIC of the reading, microseconds. */
  monotonicUs: number;
  usageKiB: number;
  /** Absent: it had none. */
  limitKiB?: number;
  anonKiB?: number;
  /** Page cache, files in tmpfs and shared memory included. */
  fileKiB?: number;
  /** Files in tmpfs and shared memory: a part of `fileKiB`. */
  shmemKiB?: number;
  /** All memory of the kernel's own (v1, and v2 since 5.18). */
  kernelKiB?: number;
  swapKiB?: number;
  /** Page cache that the kernel gives up first: a part of `fileKiB`. */
  inactiveFileKiB?: number;
  /** The biggest processes, biggest first, at most 5; where the cgroup was close to its limit. */
  processes?: readonly ProcessSample[];
}

/** A process of a cgroup at one moment; pid and start are its identity. */
export interface ProcessSample {
  pid: number;
  /** When it began: ticks of 10 ms since boot, as /proc/N/stat tells it. */
  startTicks: number;
  /** Its name at that moment, decoded. */
  comm: string;
  anonRssKiB: number;
  fileRssKiB?: number;
  shmemRssKiB?: number;
}
