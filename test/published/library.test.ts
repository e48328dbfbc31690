import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { examples } from '../docs/library.ts';
import { builtAgent, needs, nodeRegistry } from '../support/needs.ts';
import { installPackages } from '../support/registry.ts';
import { pack, published } from '../support/tarballs.ts';

needs(builtAgent, nodeRegistry).it('the test of docs/library.md passes in Jest', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'oomwatcher-jest-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'package.json'), '{"private": true}');
  const libraries = pack(published.filter(({ folder: of }) => /kmsg|logs|oom|watcher/.test(of)));
  await installPackages(libraries, ['@oomwatcher/oom', '@oomwatcher/watcher'], { folder });
  execFileSync('npm', ['install', '--no-audit', '--no-fund', 'jest@30'], {
    cwd: folder,
    stdio: 'pipe',
  });
  const [example] = examples.filter(({ language }) => language === 'js jest');
  writeFileSync(join(folder, 'kill.test.mjs'), example?.code ?? '');
  const jest = join(folder, 'node_modules/jest/bin/jest.js');
  const printed = execFileSync(process.execPath, [jest, '--json'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '--experimental-vm-modules' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  expect(JSON.parse(printed)).toMatchObject({ numPassedTests: 1, numFailedTests: 0 });
});
