import { expect, test } from 'vitest';
import { account, accountedFor } from '../src/account.js';
import type { BootRecord } from '../src/boots.js';

const boot: BootRecord = {
  bootId: 'b',
  kills: 10,
  repeats: 2,
  beforeFirstWatch: 3,
  whileAway: 4,
  forged: 5,
  lost: 6,
  unaccounted: 0,
  lostThrough: -1n,
};

test('each kill that the kernel counted is in one part of the account, and in no second one', () => {
  expect(accountedFor(boot)).toBe(19);
  expect(account('b', boot, 19)).toMatchObject({ kernelKills: 19, unaccounted: 0 });
  expect(account('b', boot, 21).unaccounted, 'lost and forged records are no kills').toBe(2);
});

test('a difference that nobody can know yet is not reported as missed kills', () => {
  const { beforeFirstWatch: _, ...begun } = boot;
  expect(account('b', begun, 21)).not.toHaveProperty('unaccounted');
  expect(account('b', boot, undefined)).not.toHaveProperty('unaccounted');
  expect(account('b', undefined, 21)).toMatchObject({ kernelKills: 21, kills: 0 });
  expect(account('b', undefined, 21)).not.toHaveProperty('unaccounted');
});
