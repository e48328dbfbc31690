import type { NewWordSearch, ReadPast, WordSearch } from '@oomwatcher/logs';
import { loadAddon } from './addon.js';
import type { TextSearch } from './addon-types.js';

/**
 * Searches by the addon, several times as fast as in JavaScript; undefined where it cannot be loaded. For `search` of
 * @oomwatcher/logs, whose own search is the specification.
 */
export function nativeWordSearch(load = loadAddon): NewWordSearch | undefined {
  const { addon } = load();
  return addon && ((words) => new NativeWordSearch(new addon.TextSearch(words), words.length));
}

class NativeWordSearch implements WordSearch {
  readonly #search: TextSearch;
  readonly #words: number;
  #bytes: Uint8Array = new Uint8Array(0);
  #end = 0;
  #hit = -1;
  #found = -1;

  constructor(search: TextSearch, words: number) {
    this.#search = search;
    this.#words = words;
  }

  reset(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes = bytes;
    this.#end = end;
    this.#hit = start - 1;
  }

  nextFrom(from: number): number {
    if (this.#hit >= from) return this.#hit;
    const hit = this.#search.find(this.#bytes, Math.min(from, this.#end), this.#end);
    this.#found = hit % this.#words;
    this.#hit = hit < 0 ? this.#end : Math.floor(hit / this.#words);
    return this.#hit;
  }

  readPast(fd: number, buffer: Uint8Array, held: number): Promise<ReadPast> {
    return this.#search.readPast(fd, buffer, held);
  }

  stopReading(): void {
    this.#search.stopReading();
  }

  get found(): number {
    return this.#found;
  }
}
