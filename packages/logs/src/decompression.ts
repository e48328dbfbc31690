import { once } from 'node:events';
import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';

/** Of decompressed bytes. By Node's 16 KiB what happens for each chunk took three quarters of the time. */
const chunkSize = 256 * 1024;

export async function* gunzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decompressor = createGunzip({ chunkSize });
  // The decompressor is destroyed with the error, which its reader meets.
  pipeline(copied(chunks), decompressor).catch(() => undefined);
  yield* decompressor as AsyncIterable<Uint8Array>;
}

/** The decompressor keeps what it has not taken yet. */
async function* copied(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}

/** Node's decompressor stops at the end of the first frame; cat(1), pzstd and log rotation make files of several. */
export async function* unzstd(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let frame = createZstdDecompress({ chunkSize });
  for await (const chunk of chunks) {
    for (let rest = Buffer.from(chunk); rest.length > 0; ) {
      const before = frame.bytesWritten;
      yield* through(frame, rest);
      rest = rest.subarray(frame.bytesWritten - before);
      if (rest.length > 0) frame = createZstdDecompress({ chunkSize });
    }
  }
  frame.end();
  yield* frame as AsyncIterable<Uint8Array>;
}

/** What the bytes become. Ends when they are taken, or those of them that the frame wanted. */
async function* through(frame: Transform, bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  let taken = false;
  const writing = new Promise<void>((resolve, reject) => {
    frame.write(bytes, (error) => (error ? reject(error) : resolve()));
  }).finally(() => {
    taken = true;
  });
  while (!taken) {
    const readable = new AbortController();
    await Promise.race([writing, once(frame, 'readable', { signal: readable.signal })]).finally(
      () => readable.abort(),
    );
    for (let out = frame.read(); out !== null; out = frame.read()) yield out;
  }
}
