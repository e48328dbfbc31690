import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformSync } from 'esbuild';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { readableStack } from '../src/output/readable-stack.js';

const source = `export function outer() {
  inner();
}
function inner() {
  throw new Error('broken');
}
`;

/** The source as one line with short names; returns where it is. */
function minified(): string {
  const folder = temporaryFolder();
  const { code, map } = transformSync(source, {
    minify: true,
    sourcemap: 'external',
    sourcefile: 'src/outer.ts',
    format: 'esm',
  });
  const file = join(folder, 'main.mjs');
  writeFileSync(file, code);
  writeFileSync(`${file}.map`, map);
  return file;
}

/** In a process of its own: the test runner shows other stacks than Node. */
function stackOf(file: string): string {
  const script = `import(${JSON.stringify(pathToFileURL(file))}).then(({ outer }) => outer()).catch(({ stack }) => console.log(stack))`;
  return execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' });
}

test('a stack of the minified bundle names the lines of the sources', () => {
  const file = minified();
  const stack = readableStack(stackOf(file));
  expect(stack).toContain(new URL('src/outer.ts:5:', pathToFileURL(file)).href);
  expect(stack).toContain('src/outer.ts:2:');
  expect(stack).not.toContain('main.mjs:1:');
});

test('a stack stays as it is where there is no source map, or a broken one', () => {
  const file = minified();
  writeFileSync(`${file}.map`, '{');
  const stack = stackOf(file);
  expect(readableStack(stack)).toBe(stack);
  rmSync(`${file}.map`);
  expect(readableStack(stack)).toBe(stack);
});
