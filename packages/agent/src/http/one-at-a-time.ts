import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** In a head an empty line follows a line: where the next byte must stand for its end. */
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * A connection that gives its server one request at a time. Node's parser takes all that a client has sent, and so has
 * two thousand requests of one packet computed and kept, whether anybody reads the answers or not. Here the bytes behind
 * the end of a head wait until its answer has been taken, and what waits is one read: 64 KiB.
 */
export class OneAtATime extends Duplex {
  readonly #socket: Socket;
  #held: Buffer | undefined;
  /** A request has been given, and its answer is not taken yet. */
  #busy = false;
  /** How much of an empty line has been seen: 1, a line's end; 2, and a carriage return. */
  #seen = 0;

  constructor(socket: Socket) {
    super({ allowHalfOpen: true, highWaterMark: 65_536 });
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#arrived(chunk));
    socket.on('end', () => this.push(null));
    socket.on('timeout', () => this.emit('timeout'));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  /** The answer has been taken: what has come meanwhile is the next request. */
  next(): void {
    this.#busy = false;
    const held = this.#held;
    this.#held = undefined;
    if (held === undefined) this.#socket.resume();
    else this.#arrived(held);
  }

  setTimeout(ms: number): this {
    this.#socket.setTimeout(ms);
    return this;
  }

  override _read(): void {
    if (!this.#busy) this.#socket.resume();
  }

  override _write(
    chunk: Buffer,
    _encoding: BufferEncoding,
    done: (error?: Error | null) => void,
  ): void {
    this.#socket.write(chunk, done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#socket.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }

  #arrived(chunk: Buffer): void {
    if (this.destroyed || this.readableEnded) return;
    if (this.#busy) {
      this.#held = this.#held === undefined ? chunk : Buffer.concat([this.#held, chunk]);
      this.#socket.pause();
      return;
    }
    const end = this.#endOfHead(chunk);
    if (end < 0) {
      this.push(chunk);
      return;
    }
    this.#busy = true;
    if (end < chunk.length) {
      this.#held = chunk.subarray(end);
      this.#socket.pause();
    }
    this.push(chunk.subarray(0, end));
  }

  /** Behind the empty line that ends a head; -1: it is not in here. */
  #endOfHead(chunk: Buffer): number {
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (byte === lineFeed) {
        if (this.#seen > 0) {
          this.#seen = 0;
          return at + 1;
        }
        this.#seen = 1;
      } else this.#seen = byte === carriageReturn && this.#seen === 1 ? 2 : 0;
    }
    return -1;
  }
}
