/**
 * The kernel's kill counters at a moment at which the line of every kill that they count had been read. Kept beside the
 * cursor, it tells the next watch of the same boot in which cgroups was killed while nobody watched.
 */
export interface KnownCounts {
  bootId: string;
  /** Lines up to this record of the log are of kills that are counted; no later one is. */
  seq: bigint;
  /** Kills of the whole node since boot. */
  total: number;
  /** The cgroups that have counted any. */
  cgroups: readonly CgroupKills[];
}

/** How many kills a cgroup has counted, its descendants' not included. */
export interface CgroupKills {
  /** Path from the root of the memory hierarchy; its bytes, one character each. */
  path: string;
  /** Of its file with the counter: a cgroup that is made anew under the same path has another one. */
  inode: bigint;
  kills: number;
}

/** A node has thousands of cgroups, but kills in few. Where it is more than so many, nothing is known. */
export const maxKnownCgroups = 256;
