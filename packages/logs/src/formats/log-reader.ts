import { concat, newline } from './bytes.js';
import { LineScanner } from './line-scanner.js';
import { carriesPriority, isKernelLine, type LogFormat, type LogLine } from './log-line.js';
import { linesLost } from './loss.js';
import { MarkerSearch, type NewWordSearch } from './marker-search.js';
import { mayBeNewestFirst, NewestFirst } from './newest-first.js';
import type { Passing, PassOver } from './passing.js';
import { type Layer, type Recognition, recognise, sampleBytes, sampleEnd } from './recognise.js';
import { type Headline, Selection } from './selection.js';
import { emptyStats, type LogStats } from './stats.js';
import { StructuredReader } from './structured-reader.js';
import type { ClockOptions } from './wall-time.js';

/** How the lines of a captured log are read; everything has a default. */
export interface LogReaderOptions extends ClockOptions {
  /** The lines that are wanted; absent: every line. */
  headlines?: readonly Headline[] | undefined;
  /** Default: in JavaScript. `nativeWordSearch` of @oomwatcher/kmsg is several times as fast. */
  search?: NewWordSearch | undefined;
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
  /** The lines of a log whose newest come first. */
  #newestFirst: NewestFirst | undefined;
  /** What the first lines say of that. */
  #mayBeTurned: boolean | undefined;
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
      // All lines are looked at anew each time: not for a piece of one. Byte by byte this took minutes for 64 KiB.
      const isMore = chunk.includes(newline) || this.#sample.length >= sampleBytes;
      if (end >= 0 && isMore && this.#knowsOrder()) this.#start(end);
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

  stopPassing(): void {
    this.#passing?.stopPassing();
  }

  /** Bytes that go through a layer are not those of the file. */
  get #passing(): LineScanner | undefined {
    return this.#layers.length === 0 &&
      this.#newestFirst === undefined &&
      this.#reader instanceof LineScanner
      ? this.#reader
      : undefined;
  }

  /** The log is at its end: returns the lines that were still open. */
  end(): LogLine[] {
    if (this.#sample !== undefined) {
      this.#knowsOrder();
      this.#start(Math.min(this.#sample.length, sampleBytes));
    }
    this.#layers.forEach((layer, index) => {
      this.#read(layer.end(), index + 1);
    });
    this.#reader?.end();
    for (const line of this.#newestFirst?.end() ?? []) this.#deliver(line);
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

  /** Whether lines are given out in another order than the log's: `seq` is then not where a line begins. */
  get isTurned(): boolean {
    return this.#newestFirst !== undefined;
  }

  get stats(): Readonly<LogStats> {
    return { ...this.#stats };
  }

  /** Where all lines so far are of one time, more of them are waited for. */
  #knowsOrder(): boolean {
    const sample = this.#sample!;
    this.#mayBeTurned = mayBeNewestFirst(this.#linesOf(sample.subarray(0, sampleBytes)));
    return sample.length >= sampleBytes || this.#mayBeTurned !== undefined;
  }

  #start(sampleLength: number): void {
    const head = this.#sample!;
    this.#sample = undefined;
    const sample = head.subarray(0, sampleLength);
    if (this.#mayBeTurned) {
      this.#newestFirst = new NewestFirst();
      this.#selection.wantsAll = true;
    }
    const recognition = recognise(sample);
    this.#recognised = recognition.format;
    this.#layers = recognition.layers;
    this.#reader = this.#newReader(recognition, this.#selection, this.#stats, (line) =>
      this.#take(line),
    );
    this.#read(head);
  }

  #newReader(
    { format, shape, marked, look }: Recognition,
    selection: Selection,
    stats: LogStats,
    deliver: (line: LogLine) => void,
  ): LineScanner | StructuredReader {
    if (shape !== 'lines')
      return new StructuredReader(shape, selection, this.#clock, stats, deliver);
    const search = this.#search;
    return new LineScanner(format, selection, this.#clock, stats, search, deliver, marked, look);
  }

  /** Every line of a sample. */
  #linesOf(sample: Uint8Array): LogLine[] {
    const lines: LogLine[] = [];
    const recognition = recognise(sample);
    const reader = this.#newReader(recognition, new Selection(undefined), emptyStats(), (line) =>
      lines.push(line),
    );
    let bytes = sample;
    for (const layer of recognition.layers) bytes = concat(layer.push(bytes), layer.end());
    reader.push(bytes);
    reader.end();
    return lines;
  }

  #read(chunk: Uint8Array, from = 0): void {
    let bytes = chunk;
    for (const layer of this.#layers.slice(from)) bytes = layer.push(bytes);
    this.#reader!.push(bytes);
  }

  #take(line: LogLine): void {
    const order = this.#newestFirst;
    if (order === undefined) return this.#deliver(line);
    const lines = order.push(line);
    if (lines === undefined) {
      this.#newestFirst = undefined;
      this.#selection.wantsAll = false;
    }
    for (const ready of lines ?? order.asTheyAre()) this.#deliver(ready);
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
