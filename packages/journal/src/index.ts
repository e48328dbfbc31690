export { type AccountSinceBoot, account, accountedFor } from './account.js';
export { BackOff } from './back-off.js';
export { type BootFigures, type BootRecord, readBoot, type Tallies } from './boots.js';
export { type Clock, machineClock } from './clock.js';
export { Follower, type FollowerOptions, type PositionTable } from './follower.js';
export { untilFree } from './free-folder.js';
export { Journal, type JournalBatch, type JournalChange, type JournalOptions } from './journal.js';
export { killPages } from './kill-pages.js';
export type { KillQuery } from './kill-query.js';
export { reportOf } from './kill-reports.js';
export {
  findRecords,
  findShown,
  type JournalledKill,
  killById,
  killsAfter,
  killsBetween,
  type ShownKill,
  type StoredKill,
} from './kill-rows.js';
export { runUpOf } from './kill-run-ups.js';
export { namedKill, type PodNames } from './named-kill.js';
export { leftOutOf, numberIn, optionalTextIn, type Row, readRows, textIn } from './read-rows.js';
export { readJournal } from './reading.js';
export { type Recurrence, recurrenceOf, workloadsNamed } from './recurrence.js';
export type { Sink, SinkHealth } from './sink.js';
export type { Database } from './sqlite.js';
export { runningAgent } from './state-lock.js';
export type { Renumbering, Storage, StorageEvent, Store } from './store.js';
export { JournalTrouble } from './trouble.js';
export { noteWitness, readWitnessNote, type WitnessNote } from './witness-note.js';
