import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { openChat } from '../../examples/test/chat.ts';
import { examples, Program } from '../../examples/test/program.ts';
import { kernelLog, needs, nodeRegistry, prebuildTools } from '../support/needs.ts';
import { root } from '../support/paths.ts';
import { installPackages } from '../support/registry.ts';
import { packAll, type Tarball } from '../support/tarballs.ts';

const readme = readFileSync(join(examples, 'README.md'), 'utf8');

/** A new folder with one example and what its row of the README has one install. */
async function folderWith(file: string, tarballs: readonly Tarball[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'oomwatcher-example-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  // As `npm init` writes it: no ES modules unless a file's name says so.
  writeFileSync(join(folder, 'package.json'), '{"name": "mine", "type": "commonjs"}');
  const row = readme.split('\n').find((line) => line.startsWith(`| [${file}]`));
  const [, names = ''] = /`npm install ([^`]+)`/.exec(row ?? '') ?? [];
  const ours = names.split(' ').filter((name) => name.startsWith('@oomwatcher/'));
  const others = names.split(' ').filter((name) => !ours.includes(name));
  if (others.length > 0) {
    const flags = ['--no-audit', '--no-fund', '--prefer-offline'];
    execFileSync('npm', ['install', ...flags, ...others], { cwd: folder, stdio: 'pipe' });
  }
  await installPackages(tarballs, ours, { folder });
  copyFileSync(join(examples, file), join(folder, file));
  checkTypes(folder, file);
  return folder;
}

/** Strictly, against the types as they are published. */
function checkTypes(folder: string, file: string): void {
  const typeRoots = join(root, 'node_modules/@types');
  const flags = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2024'];
  const types = ['--types', 'node', '--typeRoots', typeRoots, '--skipLibCheck'];
  const tsc = join(root, 'node_modules/.bin/tsc');
  execFileSync(tsc, [...flags, ...types, file], { cwd: folder, stdio: 'inherit' });
}

needs(prebuildTools, nodeRegistry, kernelLog).describe('an example in a folder of its user', () => {
  const tarballs: Tarball[] = [];
  beforeAll(() => {
    tarballs.push(...packAll());
  });

  it('the chat notifier keeps its place', async () => {
    await using chat = await openChat();
    const folder = await folderWith('chat-notifier.mts', tarballs);
    await using program = new Program('chat-notifier.mts', { WEBHOOK_URL: chat.url }, folder);
    await expect.poll(() => existsSync(join(folder, 'cursor.json'))).toBe(true);
    expect(program.stderr).toBe('');
  });

  it('the Fastify app has the metrics', async () => {
    const folder = await folderWith('fastify-metrics.mts', tarballs);
    await using program = new Program('fastify-metrics.mts', { PORT: '0' }, folder);
    const address = () => /Server listening at (http:[^"]+)/.exec(program.stdout)?.[1];
    await expect.poll(address).toBeDefined();
    const answer = await fetch(`${address()}/metrics`);
    expect(await answer.text()).toMatch(/^oom_watch_up 1$/m);
    expect(program.stderr).toBe('');
  });

  it('the test of own code passes', async () => {
    const folder = await folderWith('own-alert.test.mts', tarballs);
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const args = ['--test', 'own-alert.test.mts'];
    execFileSync(process.execPath, args, { cwd: folder, env, stdio: 'pipe' });
  });
});
