import { expect, test } from 'vitest';
import { dayOf } from '../src/suites/day.ts';

test('a day of storms does not fill the memory', () => {
  const { given, growth, tenthsMiB } = dayOf(1_000_000);
  expect(given).toBe(1_000_000);
  expect(growth, `resident memory of the tenths: ${tenthsMiB} MiB`).toBeLessThan(0.05);
});
