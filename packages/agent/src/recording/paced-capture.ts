import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const chunkBytes = 64 * 1024;

/** Records that are closer together come at once: a report is a hundred of them within a millisecond. */
const minPauseMs = 5;

/** A capture of days must not be waited for as long. */
const maxPauseMs = 2000;

const newline = 0x0a;
const space = 0x20;

/** A raw kmsg capture whose records come as far apart as the kernel wrote them. */
export async function* pacedCapture(path: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  let writtenUs: number | undefined;
  for await (const { bytes, timestampUs } of pieces(path)) {
    if (timestampUs !== undefined) {
      const pauseMs = writtenUs === undefined ? 0 : (timestampUs - writtenUs) / 1000;
      if (pauseMs >= minPauseMs) {
        await sleep(Math.min(pauseMs, maxPauseMs), undefined, { signal }).catch(() => {});
      }
      // Processors that print at once are not in order.
      writtenUs = Math.max(timestampUs, writtenUs ?? 0);
    }
    if (signal.aborted) return;
    yield bytes;
  }
}

interface Piece {
  bytes: Buffer;
  /** When the kernel wrote the first of it; undefined: it goes on with what came before. */
  timestampUs?: number;
}

/** Runs of records that were written together. */
async function* pieces(path: string): AsyncGenerator<Piece> {
  await using file = await open(path);
  let rest: Buffer = Buffer.alloc(0);
  for (;;) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(chunkBytes), 0, chunkBytes, null);
    if (bytesRead === 0) break;
    const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    const end = bytes.lastIndexOf(newline) + 1;
    yield* runs(bytes.subarray(0, end));
    rest = bytes.subarray(end);
    // No record is so long: it is no capture, and whoever reads it says so.
    if (rest.length > chunkBytes) {
      yield { bytes: rest };
      rest = Buffer.alloc(0);
    }
  }
  yield* runs(rest);
}

function* runs(bytes: Buffer): Generator<Piece> {
  let begin = 0;
  let writtenUs: number | undefined;
  const piece = (end: number): Piece => ({
    bytes: bytes.subarray(begin, end),
    ...(writtenUs !== undefined && { timestampUs: writtenUs }),
  });
  for (let at = 0; at < bytes.length; at = lineEnd(bytes, at)) {
    const timestampUs = timestampOf(bytes, at);
    if (timestampUs === undefined) continue;
    if (writtenUs !== undefined && timestampUs - writtenUs < minPauseMs * 1000) continue;
    if (at > begin) yield piece(at);
    begin = at;
    writtenUs = timestampUs;
  }
  if (begin < bytes.length) yield piece(bytes.length);
}

function lineEnd(bytes: Buffer, at: number): number {
  const found = bytes.indexOf(newline, at);
  return found === -1 ? bytes.length : found + 1;
}

/** undefined: the line belongs to the record before it, or is none. */
function timestampOf(bytes: Buffer, at: number): number | undefined {
  if (bytes[at] === space) return undefined;
  const [, timestampUs] =
    /^\d+,\d+,(\d+),/.exec(bytes.toString('latin1', at, Math.min(at + 64, bytes.length))) ?? [];
  return timestampUs === undefined ? undefined : Number(timestampUs);
}
