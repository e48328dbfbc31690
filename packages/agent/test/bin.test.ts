import { spawnSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { builtBundle, needs } from '../../../test/support/needs.ts';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';

const agent = join(import.meta.dirname, '..');
const capture = join(agent, '../oom/test/fixtures/6.1.0-56--a-single.kmsg');

function installed(): string {
  const folder = temporaryFolder();
  for (const name of ['bin', 'bundle', 'package.json']) {
    cpSync(join(agent, name), join(folder, name), { recursive: true });
  }
  return folder;
}

/** The command as it is installed, by the name that package managers give to Node. */
function run(folder: string, options: string[] = [], args = ['--version']) {
  const file = join(folder, 'bin/oomwatcher.cjs');
  return spawnSync(process.execPath, [...options, file, ...args], { encoding: 'utf8' });
}

needs(builtBundle).describe('the command, given to Node', () => {
  test('runs, as Yarn under Plug’n’Play runs it', () => {
    const folder = installed();
    expect(run(folder)).toMatchObject({ status: 0, stderr: '' });
  });

  test.each(['20.20.2', '22.18.0', '14.21.3'])('refuses Node %s in one sentence', (version) => {
    const folder = installed();
    const preload = join(folder, 'old.cjs');
    writeFileSync(
      preload,
      `Object.defineProperty(process.versions, 'node', { value: '${version}' });`,
    );
    expect(run(folder, ['--require', preload])).toMatchObject({
      status: 1,
      stdout: '',
      stderr: `oomwatcher needs Node 22.19 or newer; this is ${version}\n`,
    });
  });

  test('keeps the young generation of the heap small where it watches, which is given to V8 while it runs', () => {
    const folder = installed();
    const preload = join(folder, 'heap.cjs');
    writeFileSync(
      preload,
      `process.once('exit', () => {
        const kept = [];
        for (let at = 0; at < 3e6; at++) if (at % 50 === 0) kept.push([{ at }]); else [{ at }].at(0);
        const spaces = require('node:v8').getHeapSpaceStatistics();
        console.error(spaces.find(({ space_name }) => space_name === 'new_space').space_size);
      });`,
    );
    const { stderr } = run(folder, ['--require', preload], ['watch', '--source', capture]);
    const newSpace = Number(stderr.trimEnd().split('\n').at(-1));
    // Two halves of 1 MiB; without it 32 or more.
    expect(newSpace).toBeLessThanOrEqual(4 * 2 ** 20);
  });
});
