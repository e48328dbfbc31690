export type { Kill, Outcome } from '@oomwatcher/oom';
export { type Cursor, watch, Watcher, type WatchEvent, type WatchOptions, type WatchStats } from './watcher.js';
