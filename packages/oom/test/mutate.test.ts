import { expect, it } from 'vitest';
import { runMutations } from './support/mutation.ts';

it('a damaged log makes no kill up, does not stop the reader and is not kept', () => {
  const { kills, heapMiB } = runMutations(2000, 1);
  expect(kills).toBeGreaterThan(1000);
  expect(Math.max(...heapMiB.slice(10))).toBeLessThan(Math.max(...heapMiB.slice(0, 10)) + 4);
});
