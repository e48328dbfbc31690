import type { Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';

/** Of decompressed bytes. Of each chunk the two threads wait for one another: by 256 KiB that took a third of the time. */
const chunkSize = 1024 * 1024;

/** What follows the last member is no log's: gzip(1) ignores it too. */
export async function* gunzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const input = chunks[Symbol.asyncIterator]();
  const decompressor = createGunzip({ chunkSize });
  try {
    // Its reader meets the error.
    feed(decompressor, new Uint8Array(), input).catch((error) => decompressor.destroy(error));
    yield* freed(decompressor);
  } finally {
    endInput(input);
  }
}

/**
 * Gives each chunk's memory back when the next one is asked for. Left to the garbage collector, which collects whenever so
 * much memory outside of its heap has piled up, a third of the time went there.
 */
async function* freed(decompressor: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  for await (const chunk of decompressor) {
    yield chunk;
    // zlib fills a buffer that is not full further.
    const { buffer, byteOffset, length } = chunk;
    if (byteOffset + length === buffer.byteLength) (buffer as ArrayBuffer).transfer(0);
  }
}

/** Node's decompressor stops at the end of the first frame; cat(1), pzstd and log rotation make files of several. */
export async function* unzstd(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const input = chunks[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array();
  try {
    do {
      const frame = createZstdDecompress({ chunkSize });
      const feeding = feed(frame, rest, input);
      // Its reader meets the error.
      feeding.catch((error) => frame.destroy(error));
      yield* freed(frame);
      rest = await feeding;
    } while (rest.length > 0);
  } finally {
    endInput(input);
  }
}

/** Not waited for: a pipe may stand still in the middle of a chunk that nobody wants any more. */
function endInput(input: AsyncIterator<Uint8Array>): void {
  input.return?.().catch(() => undefined);
}

/** Gives a frame its bytes; returns those that are behind its end. A chunk is asked for when the last one is taken. */
async function feed(
  frame: Transform & { readonly bytesWritten: number },
  first: Uint8Array,
  input: AsyncIterator<Uint8Array>,
): Promise<Uint8Array> {
  for (let rest = first; ; ) {
    if (rest.length === 0) {
      const next = await input.next();
      if (next.done) break;
      rest = next.value;
    }
    const before = frame.bytesWritten;
    await new Promise<void>((resolve, reject) => {
      frame.write(rest, (error) => (error ? reject(error) : resolve()));
    });
    rest = rest.subarray(frame.bytesWritten - before);
    if (rest.length > 0) {
      frame.end();
      return rest;
    }
  }
  frame.end();
  return new Uint8Array();
}
