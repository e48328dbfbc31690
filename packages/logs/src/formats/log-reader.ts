import { concat } from './bytes.js';
import { LineScanner } from './line-scanner.js';
import { carriesPriority, isKernelLine, type LogFormat, type LogLine } from './log-line.js';
import { linesLost } from './loss.js';
import { MarkerSearch, type NewWordSearch } from './marker-search.js';
import type { Passing, PassOver } from './passing.js';
import { type Layer, recognise, sampleBytes, sampleEnd } from './recognise.js';
import { type Headline, Selection } from './selection.js';
import { emptyStats, type LogStats } from './stats.js';
import { StructuredReader } from './structured-reader.js';
import type { ClockOptions } from './wall-time.js';

/** How the lines of a captured log are read; everything has a default. */
export interface LogReaderOptions extends ClockOptions {
  /** The lines that are wanted; absent: every line. */
  headlines?: readonly Headline[];
  /** Default: in JavaScript. `nativeWordSearch` of @oomwatcher/kmsg is several times as fast. */
  search?: NewWordSearch;
}

/**
 * Reads a captured log of a format that nobody named, as a stream: bytes in, lines out, in the order of the log. Where
 * the chunks are cut makes no difference; memory is bounded whatever the bytes are; nothing throws on them.
 *
 * The format is recognised from the first 32 lines (64 KiB when they are long); nothing comes out before. A line comes
 * out when the next one has begun, because it may go on there.
 */
export class LogReader implements Passing {
  readonly #clock: ClockOptions;
  readonly #search: NewWordSearch;
  readonly #selection: Selection;
  readonly #stats = emptyStats();
  /** The log's first bytes, until they are recognised. */
  #sample: Uint8Array | undefined = new Uint8Array(0);
  #recognised: LogFormat | undefined;
  /** What the bytes go through before they are lines. */
  #layers: Layer[] = [];
  #reader: LineScanner | StructuredReader | undefined;
  #lines: LogLine[] = [];
  /** By stream: lines that the log says are missing before the next one. */
  readonly #lost = new Map<string, number>();

  /** @throws RangeError for a headline that Headline does not allow. */
  constructor(options: LogReaderOptions = {}) {
    this.#clock = options;
    this.#search = options.search ?? ((words) => new MarkerSearch(words));
    this.#selection = new Selection(options.headlines);
  }

  /** Takes the next bytes, cut anywhere, and returns the lines that are complete by them. Keeps no reference. */
  push(chunk: Uint8Array): LogLine[] {
    this.#stats.bytes += chunk.length;
    if (this.#sample === undefined) {
      this.#read(chunk);
    } else {
      this.#sample = concat(this.#sample, chunk);
      const end = sampleEnd(this.#sample);
      if (end >= 0) this.#start(end);
    }
    return this.#taken();
  }

  get mayPass(): boolean {
    return this.#passing?.mayPass === true;
  }

  passOver(): PassOver | undefined {
    const over = this.#passing?.passOver();
    if (over !== undefined) this.#stats.bytes -= over.carried.length;
    return over;
  }

  passed(bytes: number): void {
    this.#stats.bytes += bytes;
    this.#passing?.passed(bytes);
  }

  /** Bytes that go through a layer are not those of the file. */
  get #passing(): LineScanner | undefined {
    return this.#layers.length === 0 && this.#reader instanceof LineScanner
      ? this.#reader
      : undefined;
  }

  /** The log is at its end: returns the lines that were still open. */
  end(): LogLine[] {
    if (this.#sample !== undefined) this.#start(Math.min(this.#sample.length, sampleBytes));
    this.#layers.forEach((layer, index) => {
      this.#read(layer.end(), index + 1);
    });
    this.#reader?.end();
    return this.#taken();
  }

  /** undefined: not recognised yet, or nothing that can be read. */
  get format(): LogFormat | undefined {
    return this.#reader instanceof LineScanner ? this.#reader.format : this.#recognised;
  }

  /**
   * Whether the format carries the facility as the kernel or journald recorded it: only then can lines that user space
   * wrote into the kernel's log be recognised (priority 8 and more). A priority in a syslog file is what its sender claimed.
   */
  get hasPriority(): boolean {
    return this.format !== undefined && carriesPriority(this.format);
  }

  get stats(): Readonly<LogStats> {
    return { ...this.#stats };
  }

  #start(sampleLength: number): void {
    const head = this.#sample!;
    this.#sample = undefined;
    const { format, shape, layers, marked } = recognise(head.subarray(0, sampleLength));
    this.#recognised = format;
    this.#layers = layers;
    const deliver = (line: LogLine) => this.#deliver(line);
    this.#reader =
      shape === 'lines'
        ? new LineScanner(
            format,
            this.#selection,
            this.#clock,
            this.#stats,
            this.#search,
            deliver,
            marked,
          )
        : new StructuredReader(shape, this.#selection, this.#stats, deliver);
    this.#read(head);
  }

  #read(chunk: Uint8Array, from = 0): void {
    let bytes = chunk;
    for (const layer of this.#layers.slice(from)) bytes = layer.push(bytes);
    this.#reader!.push(bytes);
  }

  #deliver(line: LogLine): void {
    const lost = linesLost(line);
    if (lost > 0) {
      this.#stats.lost += lost;
      const stream = line.stream ?? '';
      this.#lost.set(stream, (this.#lost.get(stream) ?? 0) + lost);
    }
    if (isKernelLine(line)) this.#stats.kernelLines++;
    else this.#stats.otherLines++;
    this.#lines.push(this.#lost.size > 0 && isKernelLine(line) ? this.#afterLoss(line) : line);
  }

  #afterLoss(line: LogLine): LogLine {
    const lost = this.#lost.get(line.stream ?? '');
    if (lost === undefined) return line;
    this.#lost.delete(line.stream ?? '');
    return { ...line, lostBefore: (line.lostBefore ?? 0) + lost };
  }

  #taken(): LogLine[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }
}
