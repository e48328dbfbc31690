import { compressionOf } from './formats/compression.js';
import { foreignFileOf, foreignMarkBytes } from './formats/foreign-file.js';
import type { Passing, PassOver } from './formats/passing.js';
import { InputError } from './input-error.js';
import { fileBytes, type RawBytes, standardInput } from './raw-bytes.js';

/** A captured log as it is read, decompressed where it was compressed. */
export class LogFile {
  readonly name: string;
  /** Bytes of the file itself; undefined when it is a pipe. */
  readonly sizeBytes: number | undefined;
  /** When the file was last written; undefined when it is a pipe. */
  readonly writtenUs: number | undefined;
  readonly #raw: RawBytes;
  readonly #passing: PassingOf | undefined;
  #bytesRead = 0;

  /** @param name a path, or `-` for standard input. @throws a system error or InputError when it cannot be read. */
  static async open(name: string): Promise<LogFile> {
    if (name === '-') return new LogFile('standard input', standardInput());
    const passing = new PassingOf();
    return new LogFile(name, await fileBytes(name, passing), passing);
  }

  private constructor(name: string, raw: RawBytes, passing?: PassingOf) {
    this.name = name;
    this.#passing = passing;
    this.sizeBytes = raw.sizeBytes;
    this.writtenUs = raw.writtenUs;
    this.#raw = raw;
  }

  /** Bytes of the file read so far. */
  get bytesRead(): number {
    return this.#bytesRead + (this.#passing?.bytes ?? 0);
  }

  /**
   * The log's bytes. A chunk is valid until the next one.
   *
   * @param log takes the chunks, and lets bytes be passed over that are then in none
   * @throws InputError when the compression is damaged or not read.
   */
  async *chunks(log?: Passing): AsyncGenerator<Uint8Array> {
    const raw = this.#counted();
    const head = await firstBytes(raw);
    const whole = startingWith(head, raw);
    this.#refuseForeign(head);
    const compression = compressionOf(head);
    if (compression === undefined) {
      if (log !== undefined) this.#passing?.begin(log);
      yield* whole;
    } else if (compression === 'gzip' || compression === 'zstd') {
      const bytes = this.#decompressed(whole, compression);
      const first = await firstBytes(bytes);
      this.#refuseForeign(first);
      yield* startingWith(first, bytes);
    } else {
      throw new InputError(
        `${this.name} is compressed by ${compression}, which is not read: give it as ${compression} -dc FILE | oomwatcher parse -`,
      );
    }
  }

  #refuseForeign(firstBytes: Uint8Array): void {
    const foreign = foreignFileOf(firstBytes);
    if (foreign === undefined) return;
    throw new InputError(`${this.name} is ${foreign.what}, which is not read: ${foreign.remedy}`);
  }

  async *#counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.#raw.chunks) {
      this.#bytesRead += chunk.length;
      yield chunk;
    }
  }

  async *#decompressed(
    compressed: AsyncIterable<Uint8Array>,
    compression: 'gzip' | 'zstd',
  ): AsyncGenerator<Uint8Array> {
    // Loaded only now: node:zlib takes 2 ms.
    const { gunzip, unzstd } = await import('./decompression.js');
    try {
      yield* compression === 'gzip' ? gunzip(compressed) : unzstd(compressed);
    } catch (error) {
      const { message } = error as Error;
      throw new InputError(
        `${this.name} ends early or is damaged (${compression}: ${message}): what could be read is above; copy the file again`,
      );
    }
  }
}

/** What a log lets be passed over, once it is known that the file's bytes are the log's. */
class PassingOf implements Passing {
  #log: Passing | undefined;
  /** Bytes that are in no chunk, less those that are in two. */
  bytes = 0;

  begin(log: Passing): void {
    this.#log = log;
  }

  get mayPass(): boolean {
    return this.#log?.mayPass === true;
  }

  passOver(): PassOver | undefined {
    const over = this.#log?.passOver();
    if (over !== undefined) this.bytes -= over.carried.length;
    return over;
  }

  passed(bytes: number): void {
    this.bytes += bytes;
    this.#log?.passed(bytes);
  }

  stopPassing(): void {
    this.#log?.stopPassing();
  }
}

async function firstBytes(chunks: AsyncGenerator<Uint8Array>): Promise<Uint8Array> {
  let head = Buffer.alloc(0);
  while (head.length < foreignMarkBytes) {
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
  try {
    if (head.length > 0) yield head;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}
