import { expect, test } from 'vitest';
import { parseDuration } from '../src/cli/arguments/duration.js';

test.each([
  ['0', 0],
  ['90s', 90_000],
  ['30m', 1_800_000],
  ['1h', 3_600_000],
  ['2d', 172_800_000],
])('%s is a duration', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['', '1', 'h', '-1h', '1.5h', '1w', '1h30m', '9999999999s'])('%j is none', (text) => {
  expect(() => parseDuration(text)).toThrow('Write it as');
});
