export type { Kill, Outcome } from '@oomwatcher/oom';
export {
  type Cursor,
  type WatchEvent,
  Watcher,
  type WatchOptions,
  type WatchStats,
  watch,
} from './watcher.js';
