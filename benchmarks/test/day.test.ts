import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { DayResult } from '../src/suites/day.ts';

const kills = 100_000;

it('a hundred thousand replayed kills are all given out, and memory stays flat', {
  timeout: 300_000,
}, () => {
  const script = join(import.meta.dirname, '../src/suites/day.ts');
  const result: DayResult = JSON.parse(
    execFileSync(process.execPath, [script, String(kills)], { encoding: 'utf8' }),
  );
  expect(result.given).toBe(kills);
  // In MiB, not in parts: this run ends before the collector has settled. The bound of 5 % is for the full run of a
  // million. 24 MiB over these kills would be 300 bytes a kill.
  const [, second = 0, ...later] = result.tenthsMiB;
  expect((later.at(-1) ?? 0) - second, JSON.stringify(result.tenthsMiB)).toBeLessThan(24);
});
