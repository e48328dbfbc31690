export { CapturedLog, type CapturedLogOptions } from './captured-log.js';
export { compressionOf } from './formats/compression.js';
export { type ForeignFile, foreignFileOf, foreignMarkBytes } from './formats/foreign-file.js';
export { isKernelLine, type LogFormat, type LogLine } from './formats/log-line.js';
export { LogReader, type LogReaderOptions } from './formats/log-reader.js';
export {
  MarkerSearch,
  type NewWordSearch,
  type ReadPast,
  type WordSearch,
} from './formats/marker-search.js';
export type { Passing, PassOver } from './formats/passing.js';
export type { Headline } from './formats/selection.js';
export type { LogStats } from './formats/stats.js';
export { InputError } from './input-error.js';
export { LineNumber } from './line-number.js';
