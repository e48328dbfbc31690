import { expect } from 'vitest';
import { builtAddon, needs } from '../../../test/support/needs.ts';
import { trimMemory } from '../src/index.js';

const heldMiB = 64;

needs(builtAddon).it('what is garbage does not stay resident when it is trimmed', () => {
  let held = Array.from({ length: heldMiB }, () => Array.from({ length: 131_072 }, Math.random));
  const before = process.memoryUsage.rss();
  held = [];
  expect(trimMemory()).toBe(true);
  expect(held).toEqual([]);
  expect((before - process.memoryUsage.rss()) / 1024 ** 2).toBeGreaterThan(heldMiB / 2);
});
