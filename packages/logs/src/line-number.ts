import { concat, countNewlines } from './formats/bytes.js';
import { type Layer, recognise, sampleBytes, sampleEnd } from './formats/recognise.js';

/**
 * Which line of a log begins at an offset, from 1: the log is read again up to there, through the layers that the offset was
 * counted behind. Counting all lines of every log would take as long as searching it.
 */
export class LineNumber {
  readonly #offset: number;
  #sample: Uint8Array | undefined = new Uint8Array(0);
  #layers: Layer[] = [];
  #passed = 0;
  #lines = 1;

  constructor(offset: number) {
    this.#offset = offset;
  }

  /** Takes the next bytes; gives the number once it is known. */
  push(chunk: Uint8Array): number | undefined {
    if (this.#sample === undefined) return this.#count(chunk);
    this.#sample = concat(this.#sample, chunk);
    return sampleEnd(this.#sample) < 0 ? undefined : this.#begin();
  }

  /** The log is at its end. */
  end(): number {
    const known = this.#sample === undefined ? undefined : this.#begin();
    return known ?? this.#lines;
  }

  #begin(): number | undefined {
    const sample = this.#sample as Uint8Array;
    this.#sample = undefined;
    const length = sampleEnd(sample);
    const end = length < 0 ? Math.min(sample.length, sampleBytes) : length;
    this.#layers = recognise(sample.subarray(0, end)).layers;
    return this.#count(sample);
  }

  #count(chunk: Uint8Array): number | undefined {
    let bytes = chunk;
    for (const layer of this.#layers) bytes = layer.push(bytes);
    const end = Math.min(bytes.length, this.#offset - this.#passed);
    this.#lines += countNewlines(bytes, 0, end);
    this.#passed += bytes.length;
    return this.#passed > this.#offset ? this.#lines : undefined;
  }
}
