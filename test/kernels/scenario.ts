import type { Kill } from '@oomwatcher/oom';

/** Something that happens in the guest, and what the agent has to say about it. */
export interface Scenario {
  name: string;
  /** For the page. */
  what: string;
  /** Runs in the guest after guest/cgroups.sh; its stdout is the truth, see storm.c and victims.c. */
  script: string;
  /** How many processes the kernel kills. */
  kills: number;
  /** What holds for every one of its kills, beyond pid, name and cgroup. */
  expected?: Expected;
}

export interface Expected {
  scope?: Kill['scope'];
  /** The cgroup whose limit was hit, where the truth lines do not say. */
  limitCgroup?: string;
  /** All kills are one memory.oom.group incident of so many. */
  groupSize?: number;
  /** The kernel prints every report whole: no cgroup may be missing. */
  whole?: boolean;
  /** Whether the victim was its container's first process. */
  mainProcess?: boolean;
  /** So many more die because they share a victim's memory: no line, no count, and only the witness tells of them. */
  sharers?: number;
  /** User space imitates the OOM killer meanwhile. */
  forged?: boolean;
  /** The log loses kill lines: such a kill is reported by its cgroup's counter, without a victim. */
  overrun?: boolean;
}
