import { ExportSplitter } from './export-splitter.js';
import { parseObject } from './json-object.js';
import { isKernelLine, type LogLine } from './log-line.js';
import { ObjectSplitter } from './object-splitter.js';
import type { Selection } from './selection.js';
import type { LogStats } from './stats.js';
import { type Fields, knownFields, lineOfFields } from './structured-line.js';

/** Reads the formats that are not made of lines: JSON documents and journal exports. */
export class StructuredReader {
  readonly #selection: Selection;
  readonly #stats: LogStats;
  readonly #deliver: (line: LogLine) => void;
  #entries = 0;
  readonly #splitter: ObjectSplitter | ExportSplitter;

  constructor(
    shape: 'objects' | 'export',
    selection: Selection,
    stats: LogStats,
    deliver: (line: LogLine) => void,
  ) {
    this.#selection = selection;
    this.#stats = stats;
    this.#deliver = deliver;
    this.#splitter =
      shape === 'objects'
        ? new ObjectSplitter((bytes, start, end) =>
            this.#take(parseObject(bytes, start, end, knownFields)),
          )
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
