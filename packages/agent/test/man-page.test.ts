import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { mandoc, needs } from '../../../test/support/needs.ts';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { manPage } from '../scripts/man-page.ts';
import { buildProgram } from '../src/cli/program.js';
import { ExitCode } from '../src/exit-codes.js';
import { version } from '../src/version.js';

const page = manPage(buildProgram(), version);

function printed(...[arguments_, text]: [string[], string]) {
  const folder = temporaryFolder();
  const path = join(folder, 'oomwatcher.1');
  writeFileSync(path, text);
  return spawnSync('mandoc', [...arguments_, path], { encoding: 'utf8' }).stdout;
}

/** As a reader sees it: on one line, without hyphenation. */
const shown = (text: string) =>
  printed(['-Tutf8', '-O', 'width=1000'], text).replace(/.\x08/g, '').replace(/\s+/g, ' ');

describe('the manual page', () => {
  needs(mandoc).test('has no fault', () => {
    expect(
      printed(['-Tlint', '-Wwarning'], page)
        .split('\n')
        .filter((line) => !/missing date/.test(line)),
    ).toEqual(['']);
  });

  needs(mandoc).test('says what --help says of every command and option', () => {
    const text = shown(page);
    const program = buildProgram();
    for (const command of program.commands) {
      expect(text).toContain(command.description().slice(1));
      for (const option of command.options) {
        expect(text).toContain(option.flags);
        expect(text).toContain(option.description.slice(1).replace(/\s+/g, ' '));
      }
    }
  });

  needs(mandoc).test('shows words that mean something to troff as they are', () => {
    const program = new Command('x').description(`.so /etc/passwd`);
    program.command('y').description("'de z \\fB \\n(.x").option('--a <b>', '-\\- \\(co');
    const text = shown(manPage(program, '1'));
    expect(text).toContain('.so /etc/passwd');
    expect(text).toContain("'de z \\fB \\n(.x.");
    expect(text).toContain('-\\- \\(co');
  });

  test('names every exit code', () => {
    const codes = [...page.matchAll(/^\.B (\d)$/gm)].map(([, code]) => Number(code));
    expect(codes).toEqual(Object.values(ExitCode).sort());
  });

  test('comes with the bundle as it is now', () => {
    const bundled = readFileSync(join(import.meta.dirname, '../bundle/oomwatcher.1'), 'utf8');
    expect(bundled).toBe(page);
  });
});
