export { type KernelLine, unescapeText } from '@oomwatcher/oom';
export { type AddonLoad, loadAddon } from './addon.js';
export type {
  BatchMemory,
  KeepFilter,
  KeepRule,
  LoadedWitness,
  OomWitness,
  ReaderStats,
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
export { Clock } from './clock.js';
export {
  type AccessFacts,
  KmsgError,
  type KmsgErrorCode,
  type KmsgErrorFields,
  notCapture,
  readAccessFacts,
} from './errors.js';
export { type NativeOptions, openNative } from './native.js';
export {
  becomeWithOomWitness,
  forgetOomWitness,
  loadOomWitness,
  openOomWitness,
  removeOomWitness,
  storeOomWitness,
} from './oom-witness.js';
export {
  type DeviceSourceKind,
  type OpenedSource,
  type OpenSourceOptions,
  openSource,
} from './open-source.js';
export { endWhenOutOfMemory } from './out-of-memory.js';
export { openPortable, type PortableIo, type PortableOptions } from './portable.js';
export { decodeLine, recordBytes } from './record.js';
export { type Capture, openReplay, type ReplayOptions } from './replay.js';
export { decodeSnapshot, type SnapshotError } from './snapshot.js';
export type { KmsgSource, SourceKind, SourceOptions } from './source.js';
export type { KmsgWarning, Warn } from './warning.js';
export { nativeWordSearch } from './word-search.js';
