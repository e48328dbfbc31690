import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Metafile } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { buildProgram } from '../src/cli/program.js';

const allCommands = (command: Command): Command[] => [
  command,
  ...command.commands.flatMap(allCommands),
];

const agent = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(agent, 'bundle', file), 'utf8');
const { inputs, outputs }: Metafile = JSON.parse(read('metafile.json'));

/** The files that are loaded whatever the command is. */
function loadedAlways(file = 'bundle/main.js', found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const { path, kind, external } of outputs[file]?.imports ?? []) {
    if (kind === 'import-statement' && external !== true) loadedAlways(path, found);
  }
  return found;
}

const packageOf = (input: string) => /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];

describe('the bundle', () => {
  test('needs nothing but Node, so that it runs where it is put', () => {
    const outside = Object.values(outputs)
      .flatMap(({ imports }) => imports)
      .filter(({ path, external }) => external && !isBuiltin(path));
    expect(outside.filter(({ path }) => !asksInVain.has(path))).toEqual([]);
  });

  test('keeps what a plain host does not need out of what is always loaded', () => {
    const packages = [...loadedAlways()].flatMap((file) =>
      Object.keys(outputs[file]?.inputs ?? {}).map(packageOf),
    );
    expect(packages).toContain('commander');
    for (const name of ['@kubernetes/client-node', 'undici', '@opentelemetry/sdk-logs']) {
      expect(packages, name).not.toContain(name);
    }
  });

  test('loads no parser and no journal before it knows the command', () => {
    const always = [...loadedAlways()].flatMap((file) => Object.keys(outputs[file]?.inputs ?? {}));
    expect(always).toContain('../explain/dist/printable.js');
    const heavy = /^\.\.\/(?:oom|logs|kmsg|watcher|journal|kubernetes|dashboard)\//;
    expect(always.filter((input) => heavy.test(input))).toEqual([]);
  });

  test('imports no module of Node, which would read all its exports, and load a second HTTP client for one', () => {
    for (const file of Object.keys(outputs).filter((name) => name.endsWith('.js'))) {
      const code = read(file.replace('bundle/', ''));
      const asked = code.matchAll(/\b(?:from|import) ?["']([^."'][^"']*)["']/g);
      expect([...asked].filter(([, name]) => isBuiltin(name as string))).toEqual([]);
    }
    expect(read('main.js')).toContain('("node:fs")');
  });

  test('has no command that commander would start another program for: what does it is left out', () => {
    const commands = allCommands(buildProgram());
    expect(commands.length).toBeGreaterThan(8);
    for (const command of commands) {
      expect(command, command.name()).toHaveProperty('_executableHandler', false);
    }
  });

  test('reports the license of every package in it', () => {
    const printed = read('THIRD-PARTY-LICENSES.txt').split(`${'-'.repeat(80)}\n\n`);
    const names = new Set(Object.keys(inputs).flatMap((input) => packageOf(input) ?? []));
    expect(names.size).toBeGreaterThan(0);
    for (const name of names) {
      const section = printed.find((text) => text.startsWith(`${name} `));
      expect(section?.length, name).toBeGreaterThan(200);
    }
  });

  test('works alone in a folder of its own, without the checkout', () => {
    const folder = temporaryFolder();
    for (const name of ['bin', 'bundle', 'package.json']) {
      cpSync(join(agent, name), join(folder, name), { recursive: true });
    }
    const printed = execFileSync(join(folder, 'bin/oomwatcher.cjs'), ['parse', '--help'], {
      cwd: '/',
    });
    expect(printed.toString()).toMatch(/^Usage: oomwatcher parse/);
  });
});

/** Native helpers of `ws` and colours of `debug`: looked for, and done without. */
const asksInVain = new Set(['bufferutil', 'utf-8-validate', 'supports-color']);

function isBuiltin(path: string): boolean {
  return path.startsWith('node:') || builtinModules.includes(path);
}
