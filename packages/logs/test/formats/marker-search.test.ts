import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countNewlines } from '../../src/formats/bytes.js';
import { MarkerSearch } from '../../src/formats/marker-search.js';

const text = (min: number, max: number) =>
  fc
    .array(fc.constantFrom('a', 'b', 'c', '\xff'), { minLength: min, maxLength: max })
    .map((a) => a.join(''));

it('finds what a search for every marker finds, in order', () => {
  fc.assert(
    fc.property(
      fc.array(text(4, 7), { minLength: 1, maxLength: 5 }),
      text(0, 200),
      (markers, log) => {
        const bytes = Buffer.from(`pad${log}pad`, 'latin1');
        const search = new MarkerSearch(markers);
        search.reset(bytes, 3, 3 + log.length);
        const found: number[] = [];
        for (let at = search.nextFrom(3); at < 3 + log.length; at = search.nextFrom(at + 1)) {
          expect(log.startsWith(markers[search.found]!, at - 3)).toBe(true);
          found.push(at - 3);
        }
        const expected = [...log].flatMap((_, at) =>
          markers.some((m) => log.startsWith(m, at)) ? [at] : [],
        );
        expect(found).toEqual(expected);
      },
    ),
    { numRuns: 2000 },
  );
});

it('counts newlines at every alignment', () => {
  const byte = fc.constantFrom(0x0a, 0x0b, 0x8a, 0x00, 0xff, 0x20);
  fc.assert(
    fc.property(
      fc.array(byte, { minLength: 300, maxLength: 3000 }),
      fc.nat(40),
      fc.nat(40),
      (all, skip, drop) => {
        const bytes = Uint8Array.from(all).subarray(skip % 7);
        const end = bytes.length - drop;
        const expected = bytes.subarray(skip, end).filter((value) => value === 0x0a).length;
        expect(countNewlines(bytes, skip, end)).toBe(expected);
      },
    ),
  );
});
