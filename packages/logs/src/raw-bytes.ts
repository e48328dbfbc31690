import * as fs from 'node:fs';
import { promisify } from 'node:util';
import type { Passing } from './formats/passing.js';
import { InputError } from './input-error.js';

/** Where a log's bytes come from, before any decompression. */
export interface RawBytes {
  /** Bytes in all; undefined where only the end shows it. */
  sizeBytes?: number;
  /** When they were written, microseconds since the epoch. */
  writtenUs?: number;
  /** A chunk is valid until the next one. */
  chunks: AsyncGenerator<Uint8Array>;
}

// Not node:fs/promises, which takes 4 ms to load.
const close = promisify(fs.close);
const open = promisify(fs.open);
const read = promisify(fs.read);
const stat = promisify(fs.fstat);

const chunkBytes = 4 * 1024 * 1024;

/** Standard input, whatever it is: process.stdin also reads the sockets that /dev/stdin cannot open. */
export function standardInput(): RawBytes {
  return { chunks: streamed(process.stdin) };
}

/**
 * @param passing whoever reads the chunks and lets some be passed over
 * @throws InputError when it cannot be opened, is a folder or, from `chunks`, cannot be read.
 */
export async function fileBytes(path: string, passing?: Passing): Promise<RawBytes> {
  const fd = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`cannot open ${path} (${error.code}): check the name and the permissions`);
  });
  const status = await stat(fd);
  if (status.isDirectory()) {
    await close(fd);
    throw new InputError(`${path} is a folder: name the log files in it`);
  }
  if (!status.isFile()) return { chunks: readAhead(fd, path, undefined) };
  const chunks = readAhead(fd, path, passing);
  return { sizeBytes: status.size, writtenUs: status.mtimeMs * 1000, chunks };
}

async function* streamed(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* stream;
}

/** A block is searched while it is in the processor's cache. */
const passingBytes = 1024 * 1024;

/** Reads into one buffer while the other is worked on; a buffer for every chunk would be garbage for every chunk. */
async function* readAhead(
  fd: number,
  path: string,
  passing: Passing | undefined,
): AsyncGenerator<Uint8Array> {
  const buffers = [Buffer.allocUnsafe(chunkBytes), Buffer.allocUnsafe(chunkBytes)] as const;
  const failed = ({ code }: NodeJS.ErrnoException): never => {
    throw new InputError(
      `reading ${path} failed (${code}): what could be read is above; check the disk, or copy the file again`,
    );
  };
  const fill = (buffer: Buffer) => read(fd, buffer, 0, chunkBytes, null).catch(failed);
  let reading: ReturnType<typeof fill> | undefined;
  try {
    for (let turn = 0; ; turn++) {
      const [own, other] = turn % 2 === 0 ? buffers : [buffers[1], buffers[0]];
      const { bytesRead } = await (reading ?? fill(own));
      reading = undefined;
      if (bytesRead === 0) return;
      if (passing?.mayPass !== true) {
        reading = fill(other);
        // Awaited in the next turn; until then a failure is nobody's unhandled rejection.
        reading.catch(() => undefined);
      }
      yield own.subarray(0, bytesRead);
      if (reading !== undefined) continue;
      for (let over = passing?.passOver(); over !== undefined; over = passing?.passOver()) {
        own.set(over.carried);
        const { passed, length, ended } = await over
          .readPast(fd, own.subarray(0, passingBytes), over.carried.length)
          .catch(failed);
        passing?.passed(passed);
        if (length > 0) yield own.subarray(0, length);
        if (ended) return;
      }
    }
  } finally {
    await reading?.catch(() => undefined);
    passing?.stopPassing();
    await close(fd);
  }
}
