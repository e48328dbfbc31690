import type { Amendment, Kill, Notice, Outcome, RawReport } from '@oomwatcher/oom';
import type { Account } from './attribution/account.js';

/** What happened, in the order of the log; `seq` is the kernel's number of the record that says so. */
export type WatchEvent =
  /** A process was killed. `report`: the lines it was read from, where they were asked for. */
  | { kind: 'kill'; seq: bigint; kill: Kill; report?: RawReport }
  /** A kill that was given out is another than it seemed: its group went on after a pause. It is no kill of its own. */
  | { kind: 'amendment'; seq: bigint; amendment: Amendment }
  /** The OOM killer did something else than kill. */
  | { kind: 'outcome'; seq: bigint; outcome: Outcome }
  /** What the log says of a kill whose line it does not have. */
  | { kind: 'notice'; seq: bigint; notice: Notice }
  /** A group's first victim is logged, and counted by the kernel, a second time: an account must know. */
  | { kind: 'repeat'; seq: bigint }
  /** A line in the OOM killer's words that the kernel did not write. */
  | { kind: 'forged'; seq: bigint; text: string }
  /** `lost` records from `seq` on are gone: the log overran its reader, or was overrun before a resumed watch began. */
  | { kind: 'loss'; seq: bigint; lost: number }
  /** Everything that was in the log at the start has been read; from here on it is live. */
  | { kind: 'watching'; seq: bigint };

/** Counts since the watch began. */
export interface WatchStats {
  /** Kills given out. */
  kills: number;
  /** Second lines of a group's first victim, which newer kernels print and count twice. */
  repeats: number;
  /** Lines in the OOM killer's words that the kernel did not write. */
  forged: number;
  /** Records of the log that nobody can read any more. */
  lost: number;
  /** Records read, wanted or not. */
  read: number;
  /** How many of them had no valid prefix: in a captured log of another form, all. */
  malformed: number;
  /** Lines in the OOM killer's own words from which nothing could be read; absent when none. */
  notUnderstood?: number;
  /** What the kernel itself has counted; absent where it does not count (before 4.13), and before the watch is live. */
  account?: Account;
}
