import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { builtAgent, needs, oomKills } from '../support/needs.ts';
import { buildFolder, root } from '../support/paths.ts';
import { killOne } from '../support/storm.ts';

const folder = join(buildFolder, 'readme');

it('the README keeps its library example at ten lines', () => {
  expect(libraryExample().split('\n').length).toBeLessThanOrEqual(10);
});

needs(builtAgent, oomKills).it(
  'the README’s library example compiles, runs and reports a kill',
  async () => {
    compileExample();
    const example = spawn(process.execPath, [join(folder, 'example.js')], {
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
  const example = /^```ts\n([\s\S]*?)\n```$/m.exec(section)?.[1];
  if (example === undefined)
    throw new Error('the README has no ts block below a heading about the library');
  return example;
}

/** Strictly, against the packages as they are built. */
function compileExample(): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'example.ts'), `${libraryExample()}\n`);
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: join(root, 'tsconfig.base.json'),
      compilerOptions: { composite: false, declarationMap: false, skipLibCheck: false },
      files: ['example.ts'],
    }),
  );
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', folder], { stdio: 'inherit' });
}
