import { DocumentLine } from './document-line.js';
import { Envelope } from './envelope.js';
import { ExportSplitter } from './export-splitter.js';
import { parseAll, parseObject } from './json-object.js';
import { isKernelLine, type LogLine } from './log-line.js';
import { ObjectSplitter } from './object-splitter.js';
import type { Selection } from './selection.js';
import type { LogStats } from './stats.js';
import { type Fields, knownFields, lineOfFields } from './structured-line.js';
import { type ClockOptions, LineDates } from './wall-time.js';

/** Reads the formats that are not made of lines: JSON documents and journal exports. */
export class StructuredReader {
  readonly #selection: Selection;
  readonly #stats: LogStats;
  readonly #deliver: (line: LogLine) => void;
  #entries = 0;
  readonly #splitter: ObjectSplitter | ExportSplitter;
  readonly #documents: DocumentLine;
  readonly #envelope: Envelope;

  constructor(
    shape: 'objects' | 'export',
    selection: Selection,
    clock: ClockOptions,
    stats: LogStats,
    deliver: (line: LogLine) => void,
  ) {
    this.#selection = selection;
    this.#stats = stats;
    this.#deliver = deliver;
    const dates = new LineDates(clock);
    this.#documents = new DocumentLine(dates);
    this.#envelope = new Envelope(dates, stats, deliver, () => undefined);
    this.#splitter =
      shape === 'objects'
        ? new ObjectSplitter((bytes, start, end) => this.#object(bytes, start, end))
        : new ExportSplitter(
            (fields) => this.#take(fields),
            () => stats.truncated++,
          );
  }

  push(chunk: Uint8Array): void {
    this.#splitter.push(chunk);
  }

  end(): void {
    this.#splitter.end();
    this.#envelope.end();
  }

  #object(bytes: Uint8Array, start: number, end: number): void {
    const fields = parseObject(bytes, start, end, knownFields);
    const isEntry = fields !== undefined && lineOfFields(fields, 0n) !== undefined;
    const all = isEntry ? undefined : parseAll(bytes, start, end);
    const line = all && this.#documents.read(all, BigInt(this.#entries + 1));
    if (line === undefined) return this.#take(fields);
    this.#entries++;
    const isWanted = this.#selection.wants(line.text, this.#entries, isKernelLine(line));
    if (isWanted) this.#envelope.takeField(line, false);
  }

  #take(fields: Fields | undefined): void {
    this.#entries++;
    const line = fields && lineOfFields(fields, BigInt(this.#entries));
    if (line === undefined) {
      this.#stats.rejected++;
    } else if (this.#selection.wants(line.text, this.#entries, isKernelLine(line))) {
      this.#deliver(line);
    }
  }
}
