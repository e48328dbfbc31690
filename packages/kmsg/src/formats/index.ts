export { compressionOf } from './compression.js';
export { isKernelLine, type LogFormat, type LogLine } from './log-line.js';
export { LogReader, type LogReaderOptions } from './log-reader.js';
export type { Headline } from './selection.js';
export type { LogStats } from './stats.js';
