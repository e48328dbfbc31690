import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { DayResult } from '../src/suites/day.ts';

const day = join(import.meta.dirname, '../src/suites/day.ts');

test('a day of storms does not fill the memory', { timeout: 300_000 }, () => {
  const options = ['--max-semi-space-size=1', day, '1000000'];
  const result: DayResult = JSON.parse(
    execFileSync(process.execPath, options, { encoding: 'utf8' }),
  );
  expect(result.given).toBe(1_000_000);
  expect(result.growth, `resident memory of the tenths: ${result.tenthsMiB} MiB`).toBeLessThan(
    0.05,
  );
});
