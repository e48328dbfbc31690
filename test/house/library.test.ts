import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { killSchema } from '@oomwatcher/oom';
import { sampleNames } from '@oomwatcher/oom/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { examples, firstColumn } from '../docs/library.ts';
import { builtAgent, needs } from '../support/needs.ts';
import { compileFolder } from '../support/page-code.ts';
import { buildFolder, root } from '../support/paths.ts';

const folder = join(buildFolder, 'library');
const fileOf = (at: number) =>
  `example-${at}.${examples[at]?.language === 'js cjs' ? 'cjs' : 'ts'}`;
const languages = ['ts', 'js cjs', 'js jest'];

it('every code block of docs/library.md is of a kind that is tried', () => {
  expect(examples.length).toBeGreaterThan(8);
  expect(
    examples.map(({ language }) => language).filter((each) => !languages.includes(each)),
  ).toEqual([]);
  // What Jest runs is tried where Jest is installed: test/published/library.test.ts.
  expect(examples.filter(({ language }) => language === 'js jest')).toHaveLength(1);
});

needs(builtAgent).describe('the code on docs/library.md', () => {
  beforeAll(() => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const [at, { code, language }] of examples.entries()) {
      if (language !== 'js jest') writeFileSync(join(folder, fileOf(at)), code);
    }
  });

  it('compiles, every declaration checked', () => {
    compileFolder(folder, { noEmit: true, noUnusedLocals: false, types: ['node'] });
  });

  const printing = [...examples.entries()].filter(([, { output }]) => output !== undefined);

  it.each(printing)('prints what the page says it does: %i', (at, { output }) => {
    const printed = execFileSync(process.execPath, [fileOf(at)], { cwd: folder, encoding: 'utf8' });
    expect(printed).toBe(output);
  });
});

describe('docs/library.md names all that there is of', () => {
  const source = (path: string) => readFileSync(join(root, 'packages', path), 'utf8');
  const optionsIn = (path: string, name: string) => {
    const [, body = ''] =
      new RegExp(`^export interface ${name}\\b[^{]*\\{\\n([^]*?)^\\}`, 'm').exec(source(path)) ??
      [];
    return [...body.matchAll(/^ {2}(\w+)\?:/gm)].map(([, option]) => option);
  };

  it('the options of watch', () => {
    const options = [
      ...optionsIn('kmsg/src/log-options.ts', 'LogOptions'),
      ...optionsIn('watcher/src/options.ts', 'WatchOptions'),
      ...optionsIn('watcher/src/attribution/open-witness.ts', 'WitnessChoice'),
    ];
    expect(options.length).toBeGreaterThan(8);
    expect(firstColumn('option').sort()).toEqual(options.sort());
  });

  it('the events', () => {
    const kinds = [...source('watcher/src/events.ts').matchAll(/^ {2}\| \{ kind: '(\w+)'/gm)];
    expect(firstColumn('`kind`').sort()).toEqual(kinds.map(([, kind]) => kind).sort());
  });

  it('the fields that a kill may lack', () => {
    const { properties, required } = killSchema as {
      properties: object;
      required: readonly string[];
    };
    const optional = Object.keys(properties).filter((name) => !required.includes(name));
    expect(firstColumn('field').sort()).toEqual(optional.sort());
  });

  it('the errors of the libraries', () => {
    const codes = [...source('kmsg/src/errors.ts').matchAll(/^ {2}\| '(ERR_\w+)'/gm)].map(
      ([, code]) => code,
    );
    expect(codes.length).toBeGreaterThan(5);
    expect(firstColumn('code')).toEqual(
      expect.arrayContaining([...codes.filter((code) => code !== 'ERR_UNKNOWN'), 'ERR_LOG_INPUT']),
    );
  });

  it('the samples', () => {
    expect(firstColumn('sample').sort()).toEqual([...sampleNames].sort());
  });

  it('the members of a watcher', () => {
    const members = ['kmsg/src/reading.ts', 'watcher/src/watcher.ts'].flatMap((path) =>
      [
        ...source(path).matchAll(
          /^ {2}(?:readonly |get )?(\w+)(?:\(\)|: \{ readonly kind| = \(\))/gm,
        ),
      ].map(([, name]) => name as string),
    );
    const named = firstColumn('member').map((name) => name.replace('()', ''));
    expect(members.length).toBeGreaterThan(7);
    // The two are the page's own parts.
    expect(named.sort()).toEqual(
      members.filter((name) => !['constructor', 'events'].includes(name)).sort(),
    );
  });
});
