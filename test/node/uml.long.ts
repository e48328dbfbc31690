import { expect, it } from 'vitest';
import { testsInUml, umlTests } from '../support/node/uml.ts';

/** @returns what the tests wrote, the parts that tell how they went. */
async function passedInUml(...vitestArguments: string[]): Promise<string> {
  const said = await testsInUml(...vitestArguments);
  const lines = said.replace(/\r/g, '').split('\n');
  console.log(
    lines.filter((line) => /✓|×|the kernel's|The kernel's|FAIL|Error/.test(line)).join('\n'),
  );
  expect(said).toContain('the tests ended with 0');
  return said;
}

umlTests('on cgroup v2, in User-mode Linux', () => {
  it('the node passes the same tests, and tells processes that are killed together', async () => {
    expect(await passedInUml('--project', 'node')).toContain('and 3 others with it');
  }, 1_300_000);

  it('the minutes before a kill are what the memory did', async () => {
    await passedInUml('--project', 'test', 'run-up.test');
  }, 1_300_000);
});
