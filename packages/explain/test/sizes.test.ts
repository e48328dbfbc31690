import { expect, test } from 'vitest';
import { formatKiB } from '../src/sizes.js';

test.each([
  [0, '0 KiB'],
  [1, '1 KiB'],
  [1023, '1023 KiB'],
  [1024, '1.0 MiB'],
  [16 * 1024, '16.0 MiB'],
  [1536 * 1024, '1.5 GiB'],
  [2 ** 30, '1.0 TiB'],
  [2 ** 44, '16384.0 TiB'],
])('%i KiB is not shown in another size than %s', (kib, text) => {
  expect(formatKiB(kib)).toBe(text);
});

test('a size just below a unit is not rounded to 1024 of the smaller one', () => {
  expect(formatKiB(1024 * 1024 - 1)).not.toContain('1024.0');
});
