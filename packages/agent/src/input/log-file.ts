import { createReadStream, fstatSync, openSync, type ReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { compressionOf } from '@oomwatcher/kmsg/formats';
import { InputError } from './input-error.js';

const chunkBytes = 1024 * 1024;
const magicBytes = 4;

/** A captured log as it is read, decompressed where it was compressed. */
export interface LogFile {
  name: string;
  chunks: AsyncIterable<Uint8Array>;
  /** Bytes of the file itself; undefined when it is a pipe. */
  sizeBytes: number | undefined;
  /** When the file was last written; undefined when it is a pipe. */
  writtenUs: number | undefined;
  /** Bytes of the file read so far. */
  bytesRead(): number;
}

/** @param name a path, or `-` for standard input. @throws a system error when it cannot be opened. */
export function openLogFile(name: string): LogFile {
  const fd = name === '-' ? 0 : openSync(name, 'r');
  const status = fstatSync(fd);
  if (status.isDirectory()) throw new InputError(`${name} is a folder: name the log files in it`);
  const file = createReadStream('', { fd, autoClose: fd !== 0, highWaterMark: chunkBytes });
  const regular = status.isFile();
  return {
    name: name === '-' ? 'standard input' : name,
    chunks: decompressed(name, file),
    sizeBytes: regular ? status.size : undefined,
    writtenUs: regular ? status.mtimeMs * 1000 : undefined,
    bytesRead: () => file.bytesRead,
  };
}

async function* decompressed(name: string, file: ReadStream): AsyncGenerator<Uint8Array> {
  const iterator = file[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < magicBytes) {
    const { value, done } = await iterator.next();
    if (done) break;
    head = Buffer.concat([head, value as Buffer]);
  }
  const whole = concatenated(head, iterator);
  const compression = compressionOf(head);
  if (compression === undefined) {
    yield* whole;
    return;
  }
  const decompressor = compression === 'gzip' ? createGunzip() : createZstdDecompress();
  feed(whole, decompressor).catch((error: Error) => decompressor.destroy(error));
  try {
    yield* decompressor as unknown as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw new InputError(
      `${name} ends early or is damaged inside (${compression}: ${(error as Error).message}): what could be read is above; copy the file again`,
    );
  }
}

async function* concatenated(
  head: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

async function feed(
  chunks: AsyncIterable<Uint8Array>,
  target: Readable & NodeJS.WritableStream,
): Promise<void> {
  for await (const chunk of chunks) {
    if (target.destroyed) return;
    if (!target.write(chunk)) await new Promise((resolve) => target.once('drain', resolve));
  }
  target.end();
}
