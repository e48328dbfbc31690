import { type FileHandle, open } from 'node:fs/promises';
import type { Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { compressionOf } from '@oomwatcher/kmsg/formats';
import { InputError } from './input-error.js';

const chunkBytes = 1024 * 1024;
const magicBytes = 4;

/** A captured log as it is read, decompressed where it was compressed. */
export class LogFile implements AsyncDisposable {
  readonly name: string;
  /** Bytes of the file itself; undefined when it is a pipe. */
  readonly sizeBytes: number | undefined;
  /** When the file was last written; undefined when it is a pipe. */
  readonly writtenUs: number | undefined;
  readonly #file: FileHandle;
  #bytesRead = 0;

  /** @param name a path, or `-` for standard input. @throws a system error when it cannot be opened. */
  static async open(name: string): Promise<LogFile> {
    const file = await open(name === '-' ? '/dev/stdin' : name, 'r');
    const status = await file.stat();
    if (status.isDirectory()) {
      await file.close();
      throw new InputError(`${name} is a folder: name the log files in it`);
    }
    const regular = status.isFile() ? status : undefined;
    return new LogFile(name, file, regular?.size, regular && regular.mtimeMs * 1000);
  }

  private constructor(
    name: string,
    file: FileHandle,
    sizeBytes: number | undefined,
    writtenUs: number | undefined,
  ) {
    this.name = name === '-' ? 'standard input' : name;
    this.#file = file;
    this.sizeBytes = sizeBytes;
    this.writtenUs = writtenUs;
  }

  /** Bytes of the file read so far. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /** The log's bytes. A chunk is valid until the next one. @throws InputError when the compression is damaged. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    const raw = this.#raw();
    const head = await firstBytes(raw);
    const whole = startingWith(head, raw);
    const compression = compressionOf(head);
    if (compression === undefined) yield* whole;
    else yield* this.#decompressed(whole, compression);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }

  /** Reads ahead into a second buffer while the first is worked on; neither is ever allocated again. */
  async *#raw(): AsyncGenerator<Uint8Array> {
    const buffers = [Buffer.allocUnsafe(chunkBytes), Buffer.allocUnsafe(chunkBytes)] as const;
    let reading = this.#file.read(buffers[0], 0, chunkBytes);
    for (let turn = 1; ; turn++) {
      const { buffer, bytesRead } = await reading;
      if (bytesRead === 0) return;
      this.#bytesRead += bytesRead;
      reading = this.#file.read(turn % 2 === 0 ? buffers[0] : buffers[1], 0, chunkBytes);
      try {
        yield buffer.subarray(0, bytesRead);
      } catch (error) {
        await reading.catch(() => undefined);
        throw error;
      }
    }
  }

  async *#decompressed(
    compressed: AsyncIterable<Uint8Array>,
    compression: 'gzip' | 'zstd',
  ): AsyncGenerator<Uint8Array> {
    const decompressor = compression === 'gzip' ? createGunzip() : createZstdDecompress();
    feed(compressed, decompressor).catch((error: Error) => decompressor.destroy(error));
    try {
      yield* decompressor as AsyncIterable<Uint8Array>;
    } catch (error) {
      const { message } = error as Error;
      throw new InputError(
        `${this.name} ends early or is damaged (${compression}: ${message}): what could be read is above; copy the file again`,
      );
    }
  }
}

async function firstBytes(chunks: AsyncGenerator<Uint8Array>): Promise<Uint8Array> {
  let head = Buffer.alloc(0);
  while (head.length < magicBytes) {
    const { value, done } = await chunks.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  return head;
}

async function* startingWith(
  head: Uint8Array,
  rest: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  yield* rest;
}

async function feed(chunks: AsyncIterable<Uint8Array>, target: Transform): Promise<void> {
  for await (const chunk of chunks) {
    if (target.destroyed) return;
    // Copied, for the decompressor keeps what it has not taken yet.
    if (!target.write(Buffer.from(chunk))) {
      await new Promise((resolve) => target.once('drain', resolve).once('close', resolve));
    }
  }
  target.end();
}
