import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { pagerOf } from '../src/output/pager.js';

test('the pager is the one that git would take', () => {
  const folder = temporaryFolder();
  const less = join(folder, 'less');
  writeFileSync(less, '#!/bin/sh\n');
  expect(pagerOf({ PATH: `/no/such:${folder}` }), 'what cannot run').toBeUndefined();
  chmodSync(less, 0o755);
  expect(pagerOf({ PATH: `/no/such:${folder}` })).toBe('less');
  expect(pagerOf({ PATH: folder, PAGER: 'more -d' })).toBe('more -d');
  for (const none of ['', ' ', 'cat']) {
    expect(pagerOf({ PATH: folder, PAGER: none })).toBeUndefined();
  }
  expect(pagerOf({})).toBeUndefined();
});
