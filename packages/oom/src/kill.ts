import type { MemoryStat } from './lines/memory-stat-lines.js';
import type { NodeMemory } from './node-memory.js';
import type { OtherPods } from './other-pods.js';
import type { Qos } from './qos.js';
import type { RunUp } from './run-up.js';

/**
 * The record that everything speaks: one process that the kernel's OOM killer killed. One JSON object a line.
 * Fields that are not known are absent, never guessed. Sizes are KiB. Names and paths are decoded as UTF-8; a byte that
 * is not UTF-8 stands as `\xNN`.
 */
export interface Kill {
  schema: 'oomwatcher.kill/v1';
  /**
   * `<bootId>:<seq of the kill line>`: unique for ever. `<bootId>:p<pid>-<startTicks>`: of a kill that the kernel told at the
   * kill itself, before its line was read, if that ever was. In a captured log without a boot id: `capture:<seq>`.
   */
  id: string;
  /** Kernel time of the kill in wall clock, ISO 8601 UTC with microseconds. */
  time?: string;
  /**
   * In its place where a captured log names no zone: the date of its line as it stands there, `2026-11-23T16:00:00`; without
   * a year where the log has none.
   */
  localTime?: string;
  /** Kernel time of the kill, microseconds of the printk clock since boot. */
  monotonicUs?: number;
  seq?: number;
  bootId?: string;
  /** The machine, where the log names it: captured logs only. */
  host?: string;
  /** Whose limit was hit; `node`: no memory left in the machine (global OOM). */
  scope?: Scope;
  constraint?: Constraint;
  victim?: Victim;
  trigger?: Trigger;
  cgroup?: KillCgroup;
  container?: {
    id: string;
    runtime?: string;
    /** What its user calls it, as its runtime's own file says. */
    name?: string;
    /** The image that it was made of, as the user called it. */
    image?: string;
    /** Of Docker Compose, as the daemon's own file of the container says. */
    compose?: { project: string; service: string };
  };
  pod?: {
    uid: string;
    qos?: Qos;
    namespace?: string;
    name?: string;
    container?: string;
    /** What made the pod, as its ownerReferences say: `Deployment`, `StatefulSet`, `CronJob` and others. */
    owner?: { kind: string; name: string };
    spec?: PodSpec;
  };
  /** What a cluster that runs in the pod (kind, k3s) calls it, by cgroups that whoever runs there has made. */
  inner?: { pod?: { uid: string; qos?: Qos }; container?: { id: string; runtime?: string } };
  /** Usage and limit of the cgroup whose limit was hit, at the time. */
  memory?: { usageKiB?: number; limitKiB?: number };
  memoryStat?: MemoryStat;
  /** What the machine's memory was, where that ran out (`scope` is `node`): the report's `Mem-Info`. */
  nodeMemory?: NodeMemory;
  /** What else was on the node, where its memory ran out and an agent ran on it. */
  otherPods?: OtherPods;
  /** The log has no report: the kernel withheld it, or it was lost. What it would have reported was read at the kill itself. */
  witnessed?: boolean;
  /** Processes that the kernel killed with it because they share its memory. They are no kills of their own. */
  sharers?: { pid: number; name: string }[];
  /** A memory.oom.group incident: all its kills carry the same group. */
  group?: { id: string; size: number; cgroup?: string };
  /** The biggest processes that were eligible, by resident memory, at most 10. */
  tasks?: TaskRow[];
  /** The last ten minutes of its cgroup and of the limit's owner, where a recorder ran on the node. */
  runUp?: RunUp;
  /** false: part of the kill's report was lost or suppressed by the kernel's rate limit. */
  complete: boolean;
  /** Why it is not complete, where that is known. */
  missing?: Missing;
}

/**
 * `withheld`: by the kernel, which prints ten reports in 5 s for the whole machine. `lost`: the log was overrun, or says that
 * lines are missing. `cut`: the log has a part of the report and no sign of a loss; a tool left the rest out. `kill-line`: the
 * report proves the kill, and its own line is not there.
 */
export type Missing = 'withheld' | 'lost' | 'cut' | 'kill-line';

/** Whose limit was hit. */
export type Scope =
  | 'container'
  | 'pod'
  | 'qos'
  | 'kubepods'
  | 'service'
  | 'slice'
  | 'cgroup'
  | 'node';

/**
 * The kernel's word for what was out of memory: a memory cgroup, the node, a cpuset or a memory policy of NUMA nodes.
 */
export type Constraint = 'memcg' | 'none' | 'cpuset' | 'memory_policy';

/**
 * What the pod's spec says of memory, as the API server had it when the kill was named. The kernel has not said it: a
 * resize may not be in force yet, and which limit was hit says `cgroup.limit`.
 */
export interface PodSpec {
  /** What the container is; a sidecar is an init container that goes on (restartPolicy: Always). */
  kind?: 'container' | 'init' | 'sidecar' | 'ephemeral';
  /** How many containers may run at one time: ordinary ones, sidecars, ephemeral ones. */
  containers: number;
  /** The container's limit; absent: it has none, or the container is not known. */
  limitKiB?: number;
  /** What the container asked the scheduler for; absent: nothing, or the container is not known. */
  requestKiB?: number;
  /** The limit that kubelet gives the pod's cgroup; absent: none. */
  podLimitKiB?: number;
  /** Whether that is the pod's own (spec.resources), or what kubelet makes of its containers' limits. */
  podLimitFrom?: 'pod' | 'containers';
}

/** The process that was killed, sizes in KiB. */
export interface Victim {
  /** The process (thread group) where the report says, else the number that the kill line named. */
  pid: number;
  /** Only where the kill line named a thread that is not the process's leader. */
  tid?: number;
  name: string;
  uid?: number;
  /** When it began: ticks of 10 ms since boot, as /proc/N/stat tells it. Where the kernel told it at the kill itself. */
  startTicks?: number;
  /** Whether it was the first process of its container (pid 1 of its pid namespace). */
  mainProcess?: boolean;
  oomScoreAdj?: number;
  totalVmKiB?: number;
  anonRssKiB?: number;
  fileRssKiB?: number;
  shmemRssKiB?: number;
  pageTablesKiB?: number;
  /**
   * true: the resident sizes lack what CPUs had not added yet (percpu_counter, Linux 6.2), for they were read at the kill
   * itself. The kernel's line lacks it too until Linux 7.
   */
  sizesApproximate?: boolean;
}

/** Who asked for the memory that was not there. */
export interface Trigger {
  /** true: somebody asked for the kill by sysrq-f. */
  manual: boolean;
  pid?: number;
  name?: string;
  gfpMask?: string;
  order?: number;
  oomScoreAdj?: number;
}

/** Cgroups of a kill: paths from the root of the memory hierarchy, each byte that is no plain character as `\xNN`. */
export interface KillCgroup {
  /** The victim's cgroup, from the root of the memory hierarchy. */
  victim?: string;
  /** The cgroup whose limit was hit. */
  limit?: string;
  /** Where `victim` comes from. */
  from?: 'log' | 'proc' | 'counter' | 'kernel';
}

/** A process of the report's table of tasks, sizes in KiB. */
export interface TaskRow {
  pid: number;
  name: string;
  uid: number;
  rssKiB: number;
  swapKiB: number;
  oomScoreAdj: number;
}
