import { expect, test } from 'vitest';
import { RateLimit } from '../src/output/rate-limit.js';

test('a flood passes as far as the limit and no further, in every window anew', () => {
  const limit = new RateLimit(3, 1000);
  const passed = (fromMs: number) =>
    Array.from({ length: 100 }, (_, i) => limit.passes(fromMs + i)).filter(Boolean).length;
  expect(passed(5)).toBe(3);
  expect(passed(900)).toBe(0);
  expect(passed(1005)).toBe(3);
});

test('the very first passes whatever the clock says', () => {
  expect(new RateLimit(1, 1000).passes(0)).toBe(true);
});
