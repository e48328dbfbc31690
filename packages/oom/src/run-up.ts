/** The memory of a cgroup at one moment, sizes in KiB. What was not read is absent. */
export interface MemorySample {
  /** CLOCK_MONOTONIC of the read, microseconds. */
  monotonicUs: number;
  usageKiB: number;
  /** Absent: no limit. */
  limitKiB?: number;
  anonKiB?: number;
  /** Page cache. Files in tmpfs and shared memory are in it. */
  fileKiB?: number;
  /** The part of the page cache that the kernel gives up first (memory.stat, inactive_file). */
  inactiveFileKiB?: number;
  /** Files in tmpfs, /dev/shm and shared memory: a part of `fileKiB`. */
  shmemKiB?: number;
  kernelKiB?: number;
  swapKiB?: number;
  /** The biggest processes, where the cgroup was close to its limit. At most 5. */
  processes?: readonly ProcessSample[];
}

/** A process of the cgroup at that moment; it is known by pid and start, for a pid may pass to another process. */
export interface ProcessSample {
  pid: number;
  /** When it began: ticks of 10 ms since boot, as /proc/N/stat tells it. */
  startTicks: number;
  comm: string;
  anonRssKiB: number;
  fileRssKiB?: number;
  shmemRssKiB?: number;
}

/** The minutes before a kill. Between two samples nothing is known. */
export interface RunUp {
  /** The kill by the samples' clock; printk's, in `Kill.monotonicUs`, is another one and drifts from it. */
  killMonotonicUs?: number;
  /** The victim's own cgroup; absent: it was never read. At least one of the two is there. */
  cgroup?: MemoryRunUp;
  /** The cgroup whose limit was reached, where it is another. */
  limitOwner?: MemoryRunUp;
}

/** The samples of one cgroup, oldest first, at most some 120. */
export interface MemoryRunUp {
  /** From the root of the memory hierarchy. */
  path: string;
  /** The recorder has watched this cgroup since: CLOCK_MONOTONIC, microseconds. */
  sinceMonotonicUs: number;
  samples: readonly MemorySample[];
}
