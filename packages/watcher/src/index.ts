export type {
  Capture,
  Cursor,
  KmsgErrorCode,
  KmsgSource,
  KmsgWarning,
  LogEvent,
  LogFields,
  Logger,
  LogRecord,
  OpenOwnSource,
  StoredCursor,
  Warn,
} from '@oomwatcher/kmsg';
export { KmsgError, readLog } from '@oomwatcher/kmsg';
export type { Amendment, Kill, Notice, Outcome } from '@oomwatcher/oom';
export type { Account } from './attribution/account.js';
export type { KnownCgroup, KnownCounts } from './attribution/known-counts.js';
export { OomCounters } from './attribution/oom-counters.js';
export type { WitnessProgram, WitnessState } from './attribution/open-witness.js';
export type { WatchEvent, WatchStats } from './events.js';
export {
  FlightRecorder,
  type FlightRecorderOpening,
  type FlightRecorderStats,
} from './memory/flight-recorder.js';
export { type PodMemory, readPodMemory } from './memory/pod-memory.js';
export { readKernelKills } from './node/kernel-kills.js';
export { findMemoryHierarchy, type MemoryHierarchy } from './node/memory-hierarchy.js';
export { seesNodeCgroups, seesNodePids } from './node/namespaces.js';
export type { WatchOptions } from './options.js';
export { Watcher, watch } from './watcher.js';
