import type { OomEvent } from '@oomwatcher/oom';
import { CapturedLog, type CapturedLogOptions } from './captured-log.js';
import type { LogFormat } from './formats/log-line.js';
import { InputError } from './input-error.js';
import { LogFile } from './log-file.js';

/** What `parse` reads: bytes, a stream of bytes or text, or a file by its path. */
export type ParseInput =
  | { text: string }
  | { path: string }
  | Uint8Array
  | AsyncIterable<Uint8Array | string>;

/** How a log is parsed; everything has a default. */
export interface ParseOptions extends CapturedLogOptions {
  /** Stands for the boot id in the ids of a log that tells none; default `capture`. */
  name?: string | undefined;
}

/** What was found in a log. */
export type Parsed = AsyncGenerator<OomEvent, ParseSummary, undefined>;

/** What is known at the end of a log: the generator's return value. */
export interface ParseSummary {
  /** undefined: an empty log. */
  format: LogFormat | undefined;
  /** Whether lines that user space forged could be told from the kernel's. */
  tellsForgeries: boolean;
  stats: CapturedLog['stats'];
}

/**
 * Understands a captured log of any format that `CapturedLog` reads, also compressed by gzip or zstd where it is a file:
 * what happened, in the log's order, while it is read.
 *
 * @throws InputError from the iteration, when the log cannot be read to its end or holds nothing readable; what the stream
 *   that was given throws.
 */
export async function* parse(input: ParseInput, options: ParseOptions = {}): Parsed {
  const { name = 'capture', ...rest } = options;
  const file = isFile(input) ? await LogFile.open(input.path) : undefined;
  const log = new CapturedLog(name, { ...rest, writtenUs: rest.writtenUs ?? file?.writtenUs });
  let bytes = 0;
  for await (const chunk of file?.chunks(log) ?? chunksOf(input)) {
    bytes += chunk.length;
    yield* log.push(chunk);
  }
  yield* log.end();
  if (bytes > 0 && !log.isLog) {
    const what = log.format === undefined ? 'binary data' : 'text';
    throw new InputError(
      `${file?.name ?? 'the log'} is ${what} without a line of a log: give it dmesg, journalctl or syslog output`,
    );
  }
  return { format: log.format, tellsForgeries: log.tellsForgeries, stats: log.stats };
}

function isFile(input: ParseInput): input is { path: string } {
  return 'path' in input && typeof input.path === 'string' && !(Symbol.asyncIterator in input);
}

async function* chunksOf(input: ParseInput): AsyncGenerator<Uint8Array> {
  if (input instanceof Uint8Array) {
    yield input;
  } else if (Symbol.asyncIterator in input) {
    for await (const chunk of input) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  } else if ('text' in input) {
    yield Buffer.from(input.text);
  } else {
    throw new InputError(
      'parse was given no log: give { text }, { path }, bytes, or a stream of them',
    );
  }
}
