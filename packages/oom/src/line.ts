import type { KernelLine } from './kernel-line.js';

/** A line of the log with what its reader knows beside it. */
export interface OomLine extends KernelLine {
  /** Microseconds since the epoch, of this line. */
  wallTimeUs?: number;
  /** What is known of the process that this line names. */
  witness?: Witness;
  /** Who wrote the line, where it was not the kernel: a syslog identifier. */
  source?: string;
}

/**
 * What is known of a dying process beside its line: what /proc said when the line was read, or what the kernel reported at the
 * kill itself.
 */
export interface Witness {
  /** Who reported it; default: /proc. */
  from?: 'proc' | 'kernel';
  /** Path from the root of the memory hierarchy, latin1: one character a byte. */
  cgroup?: string;
  /** The process (thread group). */
  tgid?: number;
  /** When the process began: ticks of 10 ms since boot, as /proc/N/stat tells it. */
  startTicks?: number;
  /** Whether it was the first process of its pid namespace. */
  mainProcess?: boolean;
  /** The sizes of a kill without a line, see Victim. */
  sizesApproximate?: boolean;
  /** The cgroup whose limit was hit, as `cgroup`. */
  limit?: string;
  memory?: { usageKiB: number; limitKiB?: number };
  /** Who asked for memory; the name latin1. */
  trigger?: { pid: number; name: string; manual?: boolean };
  /** It is the second line of a group's first victim, as the kernel told itself. */
  again?: boolean;
  /** What the line tells was given out before it was read. */
  isTold?: boolean;
  /** Processes that die with it because they share its memory; names latin1. */
  sharers?: { pid: number; name: string }[];
}

/** Whether the kernel wrote the line, as far as the log's format says. */
export function isFromKernel({ priority, source }: OomLine): boolean {
  return source === undefined && (priority === undefined || priority >> 3 === 0);
}
