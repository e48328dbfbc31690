import { execFileSync } from 'node:child_process';
import { builtAgent, needs } from '../../test/support/needs.ts';
import { examples } from './program.ts';

needs(builtAgent).it('the example of an own test passes', () => {
  // Of a test runner that runs here it would be a part.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  execFileSync(process.execPath, ['--test', 'own-alert.test.mts'], { cwd: examples, env });
});
