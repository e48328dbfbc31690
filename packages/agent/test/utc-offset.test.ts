import { InvalidArgumentError } from 'commander';
import { expect, test } from 'vitest';
import { parseUtcOffset } from '../src/cli/arguments/utc-offset.js';

test.each([
  ['Z', 0],
  ['z', 0],
  ['0', 0],
  ['+02:00', 120],
  ['-05:30', -330],
  ['+0530', 330],
  ['-5', -300],
  ['5', 300],
  ['+14', 840],
])('%s is not taken for another zone', (text, minutes) => {
  expect(parseUtcOffset(text)).toBe(minutes);
});

test.each([
  '',
  ' ',
  '+',
  '+2:5',
  '+02:60',
  '15',
  '-15:00',
  '2h',
  'UTC',
  'Europe/Berlin',
  '+02:00x',
])('%j is refused, not read as some other zone', (text) => {
  expect(() => parseUtcOffset(text)).toThrow(InvalidArgumentError);
});
