import { expect, test } from 'vitest';
import { dayOf } from '../src/suites/day.ts';

/** Some 35 bytes that are kept of each kill are seen in so many; before a release OOMWATCHER_DAY_KILLS=1000000 sees 14. */
const kills = Number(process.env.OOMWATCHER_DAY_KILLS ?? 400_000);

test('a day of storms does not fill the memory', () => {
  const { given, growth, tenthsMiB } = dayOf(kills);
  expect(given).toBe(kills);
  expect(growth, `resident memory of the tenths: ${tenthsMiB} MiB`).toBeLessThan(0.05);
});
