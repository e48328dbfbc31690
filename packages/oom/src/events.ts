import type { Amendment } from './amendment.js';
import type { Kill } from './kill.js';
import type { Notice } from './notice.js';
import type { Outcome } from './outcome.js';
import type { RawReport } from './raw-lines.js';

/** What came out of the log, in the log's order. */
export type OomEvent =
  | { kind: 'kill'; seq: bigint; kill: Kill; report?: RawReport }
  /** A kill that was given out already turns out to be another: only where the log is read as it is written. */
  | { kind: 'amendment'; seq: bigint; amendment: Amendment }
  | { kind: 'outcome'; seq: bigint; outcome: Outcome }
  | { kind: 'notice'; seq: bigint; notice: Notice }
  /** A kill that was given out already is logged, and counted by the kernel, a second time. */
  | { kind: 'repeat'; seq: bigint; cgroup: string | undefined }
  /** A line in the OOM killer's words that user space wrote. It is never anything but counted. */
  | { kind: 'forged'; seq: bigint; text: string };

/** Counts of lines since the machine was made. */
export interface MachineStats {
  kills: number;
  /** Second lines of a group's first victim; the kernel's counters count them too. */
  repeats: number;
  forged: number;
  /** Reports that the kernel says it withheld. */
  suppressedReports: number;
  outcomes: number;
}
