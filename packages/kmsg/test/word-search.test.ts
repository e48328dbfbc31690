import { MarkerSearch, type WordSearch } from '@oomwatcher/logs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { builtAddon, needs } from '../../../test/support/needs.ts';
import { nativeWordSearch } from '../src/index.js';

/** Few different characters, so that words overlap, repeat and nearly match. */
const text = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom('a', 'b', '\xff', '\0'), minLength, maxLength });

function hitsOf(search: WordSearch, bytes: Uint8Array, start: number, end: number) {
  const hits: [at: number, word: number][] = [];
  search.reset(bytes, start, end);
  for (let at = search.nextFrom(start); at < end; at = search.nextFrom(at + 1)) {
    hits.push([at, search.found]);
  }
  return hits;
}

needs(builtAddon).describe('the search of the addon', () => {
  test('finds what the one in JavaScript finds, and nothing beyond its range', () => {
    fc.assert(
      fc.property(
        fc.array(text(4, 9), { minLength: 1, maxLength: 20 }),
        text(0, 600),
        fc.nat(8),
        fc.nat(8),
        (words, log, skip, drop) => {
          const bytes = Buffer.from(log, 'latin1');
          const start = Math.min(skip, bytes.length);
          const end = Math.max(start, bytes.length - drop);
          const native = nativeWordSearch()?.(words) as WordSearch;
          const expected = hitsOf(new MarkerSearch(words), bytes, start, end);
          expect(hitsOf(native, bytes, start, end)).toEqual(expected);
        },
      ),
      { numRuns: 5000 },
    );
  });

  test('refuses words that it cannot search for', () => {
    const search = nativeWordSearch() as NonNullable<ReturnType<typeof nativeWordSearch>>;
    for (const words of [[], ['abc'], ['Out of memory', 'a\u0100bcd']]) {
      expect(() => search(words)).toThrow(TypeError);
    }
  });
});
