export { type KernelLine, unescapeText } from '@oomwatcher/oom';
export { type AddonLoad, loadAddon } from './addon.js';
export type {
  BatchMemory,
  KeepFilter,
  KeepRule,
  LoadedWitness,
  MemoryRecorder,
  OomWitness,
  ReaderStats,
  RecordedRunUp,
  RecorderStats,
  SnapshotRule,
  WitnessDescriptor,
  WitnessedControl,
  WitnessedLevel,
  WitnessedProcess,
  WitnessedTrigger,
  WitnessOptions,
  WitnessRecord,
  WitnessStats,
} from './addon-types.js';
export { allocateBatch, type Batch, RowKind } from './batch.js';
export { readBootId } from './boot-id.js';
export { checkChoice, checkLogOptions } from './check-options.js';
export { Clock } from './clock.js';
export { newCursor } from './cursor.js';
export {
  type AccessFacts,
  KmsgError,
  type KmsgErrorCode,
  type KmsgErrorFields,
  notCapture,
  readAccessFacts,
} from './errors.js';
export { History } from './history.js';
export { KernelLog, type LogEvent, type LogReadingStats, readLog } from './kernel-log.js';
export type { Cursor, LogOptions, OpenOwnSource, StoredCursor } from './log-options.js';
export type { LogRecord } from './log-record.js';
export { type LogFields, type Logger, Told } from './logger.js';
export { openMemoryRecorder } from './memory-recorder.js';
export { type NativeOptions, openNative } from './native.js';
export {
  becomeWithOomWitness,
  forgetOomWitness,
  loadOomWitness,
  openOomWitness,
  removeOomWitness,
  storeOomWitness,
} from './oom-witness.js';
export { openLog } from './open-log.js';
export {
  type DeviceSourceKind,
  type OpenedSource,
  type OpenSourceOptions,
  openSource,
} from './open-source.js';
export { endWhenOutOfMemory } from './out-of-memory.js';
export { openPortable, type PortableIo, type PortableOptions } from './portable.js';
export { Reading } from './reading.js';
export { decodeLine, recordBytes } from './record.js';
export { type Capture, openReplay, type ReplayOptions } from './replay.js';
export { decodeSnapshot, type SnapshotError } from './snapshot.js';
export type { KmsgSource, SourceKind, SourceOptions } from './source.js';
export { trimMemory } from './trim-memory.js';
export type { KmsgWarning, Warn } from './warning.js';
export { nativeWordSearch } from './word-search.js';
