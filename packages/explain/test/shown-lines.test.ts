import { expect, test } from 'vitest';
import { shownLines } from '../src/shown-lines.js';

test('lines that were left out of a report are not passed over in silence', () => {
  const lines = ['first', 'last'];
  expect(shownLines({ lines, leftOut: { count: 2, after: 1 } })).toEqual([
    'first',
    '... 2 lines are left out ...',
    'last',
  ]);
  expect(shownLines({ lines, leftOut: { count: 1, after: 2 } }).at(-1)).toBe(
    '... 1 line is left out ...',
  );
  expect(shownLines({ lines })).toEqual(lines);
});
