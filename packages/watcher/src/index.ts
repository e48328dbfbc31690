export type { Kill, Outcome } from '@oomwatcher/oom';
export {
  type Account,
  type Cursor,
  type WatchEvent,
  Watcher,
  type WatchOptions,
  type WatchStats,
  watch,
} from './watcher.js';
