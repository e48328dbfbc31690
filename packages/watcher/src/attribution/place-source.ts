import type { SnapshotError } from '@oomwatcher/kmsg';
import type { Kill, KillCgroup, OomLine, Witness, WitnessedKill } from '@oomwatcher/oom';
import type { Account } from './account.js';
import type { KnownCounts } from './known-counts.js';

/** The cgroup of the victim that the kill line `seq` names. */
export interface Place {
  seq: bigint;
  /** Path from the root of the memory hierarchy. */
  path: string;
  from: NonNullable<KillCgroup['from']>;
}

/** What the kernel told at a kill itself; in its order. */
export type ToldKill =
  | { kind: 'kill'; kill: Omit<WitnessedKill, 'seq'> }
  /** A group's first victim, which is killed and counted once more as a member of it. */
  | { kind: 'again' }
  /** A process that dies with the kill before because it shares its memory. */
  | { kind: 'sharer'; process: { pid: number; name: string } };

/**
 * Something beside the log that may know where a kill was: the victim's files in /proc, the kernel's counters. A source
 * leaves out what it cannot do. It is called by Attribution alone, and calls nobody: what it finds is asked for.
 */
export interface PlaceSource {
  /** What it knows of the victim when the line is read. `files`: those of /proc that were read with the line. */
  victimOf?(line: OomLine, files: readonly (Uint8Array | SnapshotError)[]): Witness | undefined;

  /** The watch is live: kill lines follow. `dropsPast`: what was killed before is not this watch's, whoever tells it. */
  begin?(dropsPast: boolean): void;

  /** A kill line of before `begin`. */
  pastLine?(seq: bigint): void;

  /** Records of before `begin` are lost. */
  pastLost?(): void;

  /** Kills that the kernel told itself, and whose lines are lost, for that of a later one has been read. */
  takePassed?(): ToldKill[];

  /** Also those whose lines have not come for so long that they are given out without. */
  takeToldKills?(nowMs: number): ToldKill[];

  /** Whether the line of such a kill may be in the log by now: it should be read at once. */
  awaitsLine?(): boolean;

  /** All that was given out is recorded for good. */
  acknowledge?(): void;

  /**
   * A kill line was taken, also that of a group's first victim a second time: the kernel counts both.
   *
   * @param printedMs when the kernel wrote it, in the time of performance.now(): it may be taken seconds later
   */
  killLine?(seq: bigint, printedMs: number): void;

  /** Another source, or the log, knows the cgroup of the line's victim. */
  placed?(seq: bigint, path: string): void;

  /** Nobody waits for the line's cgroup any more. */
  abandon?(seq: bigint): void;

  /** Whether it may still find the line's cgroup; its kill is held back until then, 20 ms at most. */
  mayPlace?(seq: bigint): boolean;

  /** The places found since it was asked last. */
  takePlaces?(): Place[];

  /** All lines that had come by now are read: a good moment to look at the kernel. */
  observe?(): void;

  /** Records of the log are lost, and kill lines may be among them. */
  recordsLost?(nowMs: number): void;

  /** Kills that have no line in the log. */
  takeKills?(nowMs: number): Kill[];

  /** Milliseconds until `takeKills` may find one; undefined while there is nothing to look for. */
  waitMs?(nowMs: number): number | undefined;

  /** What the kernel has counted since `begin`; undefined as long as that is not known. */
  account?(): Account | undefined;

  /**
   * What the next watch may go on from.
   *
   * @param doneSeq all lines up to here have been taken
   */
  counts?(doneSeq: bigint): Omit<KnownCounts, 'bootId'> | undefined;

  /** Releases everything. Only the methods that ask for what was found are called afterwards. */
  close?(): void;
}
