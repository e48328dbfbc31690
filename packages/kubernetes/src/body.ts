import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** More came than what was asked for can have. */
export class TooLarge extends Error {
  readonly code = 'ERR_BODY_TOO_LARGE';
}

/** A body as text. @throws TooLarge after `maxBytes`; the connection is given up then. */
export async function text(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += (chunk as Buffer).length;
    if (bytes > maxBytes) throw new TooLarge(`an answer of more than ${maxBytes} bytes`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString();
}

export interface StreamBounds {
  maxLineBytes: number;
  /** What may come at once, and what every second after it; a server that sends more waits. */
  burstBytes: number;
  bytesPerSecond: number;
}

/** A body line by line, as it comes. @throws TooLarge */
export async function* lines(
  response: IncomingMessage,
  { maxLineBytes, burstBytes, bytesPerSecond }: StreamBounds,
): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let length = 0;
  let mayTake = burstBytes;
  let atMs = performance.now();
  for await (const chunk of response) {
    let start = 0;
    const bytes = chunk as Buffer;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      parts.push(bytes.subarray(start, end));
      yield Buffer.concat(parts).toString();
      parts = [];
      length = 0;
      start = end + 1;
    }
    // The parts are put together once, at the line's end: a line that trickles in byte by byte must cost no more.
    if (start < bytes.length) parts.push(bytes.subarray(start));
    length += bytes.length - start;
    if (length > maxLineBytes) throw new TooLarge(`a line of more than ${maxLineBytes} bytes`);
    const nowMs = performance.now();
    mayTake = Math.min(burstBytes, mayTake + ((nowMs - atMs) / 1000) * bytesPerSecond);
    mayTake -= bytes.length;
    atMs = nowMs;
    // Meanwhile nothing is read, and the server's sending stands still.
    if (mayTake < 0) await sleep((-mayTake / bytesPerSecond) * 1000);
  }
}
