import type { KernelLine } from './kernel-line.js';

/** A line of the log with what its reader knows beside it. */
export interface OomLine extends KernelLine {
  /** Microseconds since the epoch, of this line. */
  wallTimeUs?: number;
  /** What /proc said of the process that this line names. */
  witness?: Witness;
  /** Who wrote the line, where it was not the kernel: a syslog identifier. */
  source?: string;
}

/** What /proc said of a dying process at the moment its kill line was read. */
export interface Witness {
  /** Path from the root of the memory hierarchy, latin1: one character a byte. */
  cgroup?: string;
  /** The process (thread group). */
  tgid?: number;
  /** Whether it was the first process of its pid namespace. */
  mainProcess?: boolean;
}

/** Whether the kernel wrote the line, as far as the log's format tells. */
export function isFromKernel({ priority, source }: OomLine): boolean {
  return source === undefined && (priority === undefined || priority >> 3 === 0);
}
