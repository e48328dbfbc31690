import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { builtAgent, needs, oomKills } from '../support/needs.ts';
import { codeIn, compileCode } from '../support/page-code.ts';
import { root } from '../support/paths.ts';
import { killOne } from '../support/storm.ts';

it('the README keeps its library example at ten lines', () => {
  expect(libraryExample().split('\n').length).toBeLessThanOrEqual(10);
});

needs(builtAgent, oomKills).it(
  'the README’s library example compiles, runs and reports a kill',
  async () => {
    const [program = ''] = compileCode('readme', [libraryExample()]);
    const example = spawn(process.execPath, [program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const { pid } = await killOne({ comm: 'readme' });
      for await (const text of example.stdout.setEncoding('utf8')) {
        if (text.includes('readme') && text.includes(String(pid))) break;
      }
      expect(example.exitCode).toBe(null);
    } finally {
      example.kill();
      await once(example, 'close');
    }
  },
);

function libraryExample(): string {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const section = readme.split(/^#+ (?=.*library)/im)[1] ?? '';
  const [example] = codeIn(section, 'ts');
  if (example === undefined)
    throw new Error('the README has no ts block below a heading about the library');
  return example;
}
