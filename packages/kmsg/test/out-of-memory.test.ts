import { expect } from 'vitest';
import { builtAddon, needs } from '../../../test/support/needs.ts';
import { endWhenOutOfMemory } from '../src/index.js';

needs(builtAddon).it('the end of the heap can be given words by this Node', () => {
  expect(endWhenOutOfMemory('the tests need more memory', 1)).toBe(true);
});
