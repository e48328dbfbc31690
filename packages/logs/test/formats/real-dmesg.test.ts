import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { needs } from '../../../../test/support/needs.ts';
import { captures, essence, kernelLines, killsIn, rawRecords } from '../support/understood.js';

/** util-linux's dmesg reads a file of `<6>[    1.234567] text`, so that every form is printed by the program itself. */
const version = spawnSync('dmesg', ['--version'], { encoding: 'utf8' }).stdout ?? '';
const utilLinux = () => (/util-linux/.test(version) ? undefined : 'needs dmesg(1) of util-linux');

const forms: readonly (readonly string[])[] = [
  [],
  ['--ctime'],
  ['--reltime'],
  ['--show-delta'],
  ['--show-delta', '--ctime'],
  ['--decode'],
  ['--decode', '--ctime'],
  ['--human', '--nopager'],
  ['--notime'],
  ['--raw'],
  ['--color=always'],
  ['--time-format=iso'],
  ['--time-format=delta'],
  ['--force-prefix'],
  ['--json'],
  ['--json', '--decode'],
];

const ordinary = captures.filter((name) =>
  /--(?:a-single|v1-b-single|c-group|d-podlimit|e-global-root)\.kmsg$/.test(name),
);
const folder = mkdtempSync(join(tmpdir(), 'oomwatcher-dmesg-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** As /proc/kmsg gives them: a text of several lines is one record. */
function printed(name: string, options: readonly string[]): Buffer {
  const file = join(folder, 'log');
  const records = kernelLines(name).map(({ priority, timestampUs = 0, text }) => {
    const seconds = (timestampUs / 1e6).toFixed(6).padStart(12);
    return text.split('\n').map((line) => `<${priority}>[${seconds}] ${line}\n`);
  });
  writeFileSync(file, records.flat().join(''), 'latin1');
  return execFileSync('dmesg', ['--file', file, ...options], { maxBuffer: 1 << 26 });
}

/** A program that does not know an option is an older one. */
function knows(options: readonly string[]): boolean {
  const file = join(folder, 'line');
  writeFileSync(file, '<6>[    1.000000] x\n');
  return spawnSync('dmesg', ['--file', file, ...options]).status === 0;
}

needs(utilLinux).describe('dmesg', () => {
  it.for(forms.map((options) => ({ options, name: options.join(' ') || 'as it is' })))(
    '$name: the kills that went in come out',
    ({ options, name }, { skip }) => {
      skip(!knows(options), `this dmesg has no ${name}`);
      for (const capture of ordinary) {
        const right = killsIn(rawRecords(kernelLines(capture))).kills;
        expect(killsIn(printed(capture, options)).kills.map(essence), capture).toEqual(
          right.map(essence),
        );
      }
    },
  );
});
