import { expect, test } from 'vitest';
import { closeWords } from '../src/page/close-to-limit.js';

const full = { path: '/a', usageKiB: 921, limitKiB: 1000 };

test.each([
  [full, '92 % of 1000 KiB'],
  [{ ...full, workingSetKiB: 421, growthKiBPerS: -3 }, '92 % of 1000 KiB, page cache 50 %'],
  [
    { ...full, workingSetKiB: 921, growthKiBPerS: 3, secondsToLimit: 26, killsToday: 1 },
    '92 % of 1000 KiB, +3 KiB/s, at its limit in 26 s, 1 kill today',
  ],
  [{ ...full, limitKiB: 0, usageKiB: 0 }, '0 % of 0 KiB'],
])('what is known of a full cgroup is said: %j', (cgroup, words) => {
  expect(closeWords(cgroup)).toBe(words);
});
