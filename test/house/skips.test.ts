import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/paths.ts';

/** Skipped while somebody writes its fixtures anew, and for nothing that a machine lacks. */
const byIntent = ['packages/logs/test/daemons.test.ts'];

test('no test is skipped without a word of what the machine lacks, or in CI: that is what needs() is for', () => {
  const tests = globSync(
    [
      'packages/*/test/**/*.test.ts',
      'native/test/*.test.ts',
      'test/{*,{house,kernels,kubernetes,node}/*}.test.ts',
    ],
    { cwd: root },
  );
  expect(tests.length).toBeGreaterThan(250);
  const silent = tests.filter((path) =>
    /\.(runIf|skipIf|skip)\(/.test(readFileSync(join(root, path), 'utf8')),
  );
  expect(silent).toEqual(byIntent);
});
