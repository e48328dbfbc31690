import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { circleIn, foldersOf, localImports } from '../support/circles.ts';
import { importsOf } from '../support/imports.ts';
import { layers, violations } from '../support/layers.ts';
import { root } from '../support/paths.ts';
import { workspaces } from '../support/workspaces.ts';

const layered = workspaces.filter(
  ({ folder }) => !['benchmarks', 'examples', 'test'].includes(folder),
);

describe('the import arrows', () => {
  it('leave no package out', () => {
    expect(layered.map(({ folder }) => folder)).toEqual(Object.keys(layers).sort());
  });

  it.each(layered)('are kept in $folder', ({ folder, manifest }) => {
    const paths = globSync([`${folder}/index.js`, `${folder}/src/**/*.{ts,js}`], { cwd: root });
    expect(paths).not.toEqual([]);
    const { dependencies, optionalDependencies, devDependencies } = manifest;
    // The agent is published as a bundle: what it imports is installed only where the bundle is made.
    const bundled = manifest.scripts?.bundle === undefined ? {} : devDependencies;
    const declared = Object.keys({ ...dependencies, ...optionalDependencies, ...bundled });
    const found = paths.flatMap((path) =>
      violations({ path, text: readFileSync(join(root, path), 'utf8'), declared }),
    );
    expect(found).toEqual([]);
  });
});

describe('circles of imports', () => {
  it.each(layered)('are not in $folder: neither of files nor of folders', ({ folder }) => {
    const paths = globSync(`${folder}/src/**/*.ts`, { cwd: root }).sort();
    const files = new Map(
      paths.map((path) => [path, localImports(path, readFileSync(join(root, path), 'utf8'))]),
    );
    expect(circleIn(files)).toBeUndefined();
    expect(circleIn(foldersOf(files))).toBeUndefined();
  });

  it.each([
    [{ a: ['b'], b: ['c'], c: ['b'] }, ['b', 'c', 'b']],
    [{ a: ['a'] }, ['a', 'a']],
    [{ a: ['b', 'c'], b: ['c'], c: ['d'] }, undefined],
  ])('are found in %j', (graph: Record<string, string[]>, circle) => {
    expect(circleIn(new Map(Object.entries(graph)))).toEqual(circle);
  });
});

describe('the check of the import arrows', () => {
  it.each([
    [
      'a lower layer from a higher one',
      'packages/kmsg/src/a.ts',
      "import { x } from '@oomwatcher/watcher';",
    ],
    ['anything from oom', 'packages/oom/src/a.ts', "import type { X } from '@oomwatcher/kmsg';"],
    [
      'a type that leaves an import behind',
      'packages/journal/src/a.ts',
      "import { type X } from '@oomwatcher/watcher';",
    ],
    ['I/O from oom', 'packages/oom/src/a.ts', "import fs from 'node:fs';"],
    [
      'a second loader of the addon',
      'packages/kmsg/src/native.ts',
      "require('@oomwatcher/native');",
    ],
    ['the addon from the agent', 'packages/agent/src/a.ts', "await import('@oomwatcher/native');"],
    [
      'Kubernetes below the agent',
      'packages/watcher/src/a.ts',
      "import * as k8s from '@kubernetes/client-node';",
    ],
    ['a package of the agent below it', 'packages/watcher/src/a.ts', "export * from 'commander';"],
    ['an undeclared package', 'packages/agent/src/a.ts', "import 'left-pad/x';"],
    [
      "a package's internals",
      'packages/watcher/src/a.ts',
      "import { x } from '@oomwatcher/kmsg/dist/batch.js';",
    ],
    [
      "a package's internals by path",
      'packages/watcher/src/a.ts',
      "import { x } from '../../kmsg/src/batch.js';",
    ],
    ["a package's own tests", 'packages/watcher/src/a.ts', "import { x } from '../test/a.js';"],
    [
      'the tests across packages',
      'packages/agent/src/a.ts',
      "import { x } from '@oomwatcher/test/storm';",
    ],
    ['what nobody can check', 'packages/agent/src/a.ts', 'await import(name);'],
    ['a file without a layer', 'packages/new/src/a.ts', ''],
  ])('finds %s', (_, path, text) => {
    expect(violations({ path, text, declared: ['commander'] })).toHaveLength(1);
  });

  it.each([
    [
      'packages/journal/src/a.ts',
      "import type { X } from '@oomwatcher/watcher';\nimport { y } from './y.js';",
    ],
    ['packages/kmsg/src/addon.ts', "require('@oomwatcher/native');"],
    [
      'packages/agent/src/a/b.ts',
      "import { x } from '../c.js';\nimport { Command } from 'commander';",
    ],
  ])('allows what is right in %s', (path, text) => {
    expect(violations({ path, text, declared: ['commander'] })).toEqual([]);
  });

  it('reads every form of import and none that is only text', () => {
    const source = `
      import a, { type B } from 'one';
      import type C from "two";
      import 'three';
      export { d,
        e as f } from 'four';
      export type * from 'five';
      const g = await import('six'), h = require.resolve('seven'), i = import(x);
      // import 'no';
      /* import 'no'; */
      const j = "import 'no'", k = \`require('no')\`, l = /'/.test("import('no')");
      export const from = 'no';
      m.import('no');
    `;
    expect(importsOf(source)).toEqual([
      { specifier: 'one', typeOnly: false },
      { specifier: 'two', typeOnly: true },
      { specifier: 'three', typeOnly: false },
      { specifier: 'four', typeOnly: false },
      { specifier: 'five', typeOnly: true },
      { specifier: 'six', typeOnly: false },
      { specifier: 'seven', typeOnly: false },
      { specifier: undefined, typeOnly: false },
    ]);
  });
});

describe('a long file', () => {
  const sources = globSync(
    [
      'packages/*/src/**/*.ts',
      'native/src/*/*.{cc,h}',
      'benchmarks/src/**/*.ts',
      'scripts/**/*.ts',
    ],
    { cwd: root },
  );
  const long = sources
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
    .filter(({ text }) => text.split('\n').length > 301);

  it.each(long)('says why it is one: $path', ({ text }) => {
    expect(text.slice(0, 800)).toMatch(/Long, because |Generated by |Made by /);
  });
});
