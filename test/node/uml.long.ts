import { expect, it } from 'vitest';
import { testsInUml, umlTests } from '../support/node/uml.ts';

umlTests('the node on cgroup v2, in User-mode Linux', () => {
  it('passes the same tests, and tells processes that are killed together', async () => {
    const said = await testsInUml();
    console.log(
      said
        .replace(/\r/g, '')
        .split('\n')
        .filter((line) => /✓|×|the kernel's|The kernel's|FAIL|Error/.test(line))
        .join('\n'),
    );
    expect(said).toContain('the tests ended with 0');
    expect(said).toContain('and 3 others with it');
  }, 1_300_000);
});
