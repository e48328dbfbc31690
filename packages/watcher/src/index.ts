export type { Capture } from '@oomwatcher/kmsg';
export type { Amendment, Kill, Notice, Outcome } from '@oomwatcher/oom';
export { readKernelKills } from './kernel-kills.js';
export { findMemoryHierarchy, type MemoryHierarchy } from './memory-hierarchy.js';
export { seesNodeCgroups, seesNodePids } from './node-view.js';
export { OomCounters } from './oom-counters.js';
export {
  type Account,
  type Cursor,
  type WatchEvent,
  Watcher,
  type WatchOptions,
  type WatchStats,
  watch,
} from './watcher.js';
