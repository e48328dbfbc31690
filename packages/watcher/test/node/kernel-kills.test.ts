import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../kmsg/test/support/temporary.js';
import { readKernelKills } from '../../src/node/kernel-kills.js';

function vmstat(text: string): string {
  const path = join(temporaryFolder(), 'vmstat');
  writeFileSync(path, text);
  return path;
}

test('the kernel’s count of kills is not taken from a counter of a similar name', () => {
  expect(
    readKernelKills(vmstat('nr_free_pages 7\nxoom_kill 1\noom_kill 396\noom_kill_x 2\n')),
  ).toBe(396);
});

test('a kernel that does not count is not one that counted nothing', () => {
  expect(readKernelKills(vmstat('nr_free_pages 7\n'))).toBeUndefined();
  expect(readKernelKills('/no/such/file')).toBeUndefined();
});
