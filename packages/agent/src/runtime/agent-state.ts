import type { AccountSinceBoot, Journal, Sink } from '@oomwatcher/journal';
import type { FlightRecorder, WatchStats, WitnessState } from '@oomwatcher/watcher';
import type { CgroupOwner } from './cgroup-owner.js';

/** What a running agent says about itself; its metrics, its health and its page are made of it. */
export interface AgentState {
  readonly version: string;
  /** The machine's name. */
  readonly node: string;
  readonly startedMs: number;
  /** Which reader of the log is live, and why, in one sentence. */
  readonly source: { readonly kind: string; readonly reason: string };
  /** Where the recorded log comes from that is shown; undefined: none is. */
  readonly recording?: string | undefined;
  readonly journal: Journal;
  readonly sinks: readonly Sink[];
  /** Whether the kernel itself tells of kills; undefined: that was not asked for. */
  witness(): WitnessState | undefined;
  /** Whether the minutes before kills are recorded; undefined: that was not asked for. */
  runUps(): RunUpState | undefined;
  /** Whose cgroup that is, with the names that are known. */
  ownerOf(path: string): CgroupOwner;
  watchStats(): WatchStats;
  /** Reads the kernel's counter. undefined: the log is a captured one, which no counter belongs to. */
  account(): AccountSinceBoot | undefined;
  /** `starting` until all that was in the log at the start has been read. */
  reader(): ReaderState;
}

/** `reason` is one sentence. */
export type RunUpState =
  | { live: true; reason: string; recorder: FlightRecorder }
  | { live: false; reason: string; recorder?: undefined };

export type ReaderState =
  | { kind: 'starting' }
  | { kind: 'watching' }
  /** `reason` is one sentence with the remedy. */
  | { kind: 'dead'; reason: string };
