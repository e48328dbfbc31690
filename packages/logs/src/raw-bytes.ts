import { type FileHandle, open } from 'node:fs/promises';
import { InputError } from './input-error.js';

/** Where a log's bytes come from, before any decompression. */
export interface RawBytes {
  /** Bytes in all; undefined where only the end tells. */
  sizeBytes?: number;
  /** When they were written, microseconds since the epoch. */
  writtenUs?: number;
  /** A chunk is valid until the next one. */
  chunks: AsyncGenerator<Uint8Array>;
}

const chunkBytes = 4 * 1024 * 1024;

/** Standard input, whatever it is: process.stdin also reads the sockets that /dev/stdin cannot open. */
export function standardInput(): RawBytes {
  return { chunks: streamed(process.stdin) };
}

/** @throws InputError when it cannot be opened, is a folder or, from `chunks`, cannot be read. */
export async function fileBytes(path: string): Promise<RawBytes> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`cannot open ${path} (${error.code}): check the name and the permissions`);
  });
  const status = await file.stat();
  if (status.isDirectory()) {
    await file.close();
    throw new InputError(`${path} is a folder: name the log files in it`);
  }
  const chunks = readAhead(file, path);
  if (!status.isFile()) return { chunks };
  return { sizeBytes: status.size, writtenUs: status.mtimeMs * 1000, chunks };
}

async function* streamed(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* stream;
}

/** Reads into one buffer while the other is worked on; a buffer for every chunk would be garbage for every chunk. */
async function* readAhead(file: FileHandle, path: string): AsyncGenerator<Uint8Array> {
  const buffers = [Buffer.allocUnsafe(chunkBytes), Buffer.allocUnsafe(chunkBytes)] as const;
  const read = (buffer: Buffer) =>
    file.read(buffer, 0, chunkBytes).catch((error: NodeJS.ErrnoException) => {
      throw new InputError(
        `reading ${path} failed (${error.code}): what could be read is above; check the disk, or copy the file again`,
      );
    });
  let reading = read(buffers[0]);
  try {
    for (let turn = 1; ; turn++) {
      const { buffer, bytesRead } = await reading;
      if (bytesRead === 0) return;
      reading = read(turn % 2 === 0 ? buffers[0] : buffers[1]);
      // Awaited in the next turn; until then a failure is nobody's unhandled rejection.
      reading.catch(() => undefined);
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await reading.catch(() => undefined);
    await file.close();
  }
}
