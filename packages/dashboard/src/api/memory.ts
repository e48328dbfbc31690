import type { MemoryNow, NamedCgroup } from '@oomwatcher/explain';

/** The cgroups that are fullest, and which will be killed next; `GET /api/v1/memory`. */
export interface MemoryAnswer {
  schema: 'oomwatcher.memory/v1';
  /** Whether the cgroups are sampled, and in one sentence what is done or why it is not. */
  live: boolean;
  reason: string;
  /** Of the node: for how much of the last 10 s, in percent, somebody waited for memory. Absent: the kernel has no PSI. */
  pressurePercent?: number;
  /** Fullest first. */
  cgroups: CgroupMemory[];
}

/** One cgroup that has a limit; `pod` and `container` as in a kill's record, where they are known. */
export interface CgroupMemory extends MemoryNow, Omit<NamedCgroup, 'path'> {
  /** The same of this cgroup; only on cgroup v2, of the 100 fullest. */
  pressurePercent?: number;
  /** Processes that were killed in it or below since midnight; absent: nobody knows. */
  killsToday?: number;
}
