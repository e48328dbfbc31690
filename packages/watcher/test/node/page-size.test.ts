import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { pageSizeKiB } from '../../src/node/page-size.js';

test('pages are as big as this kernel makes them, not 4096 bytes by habit', () => {
  const bytes = Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }));
  expect(pageSizeKiB()).toBe(bytes / 1024);
});
