import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { installed, needs } from '../../../test/support/needs.ts';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { bashCompletion } from '../src/cli/completion/bash.js';
import { fishCompletion } from '../src/cli/completion/fish.js';
import { type CommandWords, wordsOf } from '../src/cli/completion/words.js';
import { zshCompletion } from '../src/cli/completion/zsh.js';
import { buildProgram } from '../src/cli/program.js';

const program = buildProgram();
const words = wordsOf(program);

/** A folder with a script and things to complete, and names that a careless script would cut or run. */
function folderWith(script: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'script'), script);
  writeFileSync(join(folder, 'a b.log'), '');
  mkdirSync(join(folder, 'folder'));
  return folder;
}

/** What each shell offers at the end of a command line, without descriptions. */
const shells = {
  bash: (line: string) => {
    const folder = folderWith(bashCompletion(words));
    // As readline splits it: = is a word of its own.
    const split = line.replaceAll('=', ' = ').split(/ +/);
    const script = `source ./script; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _oomwatcher; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return lines('bash', ['-c', script, 'bash', ...split], folder);
  },
  fish: (line: string) => {
    const folder = folderWith(fishCompletion(words));
    const script = 'source ./script; complete -C $argv[1]';
    return lines('fish', ['--no-config', '-c', script, line], folder).map(
      (offer) => offer.split('\t')[0] ?? '',
    );
  },
};

function lines(program: string, args: string[], cwd: string): string[] {
  const said = execFileSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, HOME: cwd },
  });
  return said.split('\n').filter((line) => line !== '');
}

const shell = (name: string) => installed(name, name);

const flagsOf = (command: CommandWords) => command.options.map(({ long }) => long);

describe.each(['bash', 'fish'] as const)('%s', (name) => {
  const offers = shells[name];

  needs(shell(name)).test('offers every command', () => {
    expect(offers('oomwatcher ').sort()).toEqual(words.map((command) => command.name).sort());
    expect(offers('oomwatcher pa')).toEqual(['parse']);
  });

  needs(shell(name)).test(
    'offers every option of every command, and of run where none is named',
    () => {
      for (const command of words.filter(({ name }) => name !== 'help')) {
        const offered = offers(`oomwatcher ${command.name} --`);
        expect(offered, command.name).toEqual(expect.arrayContaining(flagsOf(command)));
        const strange = words
          .flatMap(flagsOf)
          .filter((flag) => offered.includes(flag) && !flagsOf(command).includes(flag));
        expect(strange, command.name).toEqual([]);
      }
      expect(offers('oomwatcher --').sort()).toEqual(offers('oomwatcher run --').sort());
    },
  );

  needs(shell(name)).test('offers the values that an option takes, also after =', () => {
    expect(offers('oomwatcher watch --from ').sort()).toEqual(['boot', 'now']);
    expect(offers('oomwatcher watch --from b')).toEqual(['boot']);
    expect(offers('oomwatcher watch --from=b').map((offer) => offer.replace(/.*=/, ''))).toEqual([
      'boot',
    ]);
    expect(offers('oomwatcher completion ').sort()).toEqual(['bash', 'fish', 'zsh']);
  });

  needs(shell(name)).test(
    'offers files where a file is meant, and folders where a folder is',
    () => {
      const file = 'a b.log';
      expect(offers('oomwatcher parse a')).toEqual([file]);
      expect(offers('oomwatcher run --state-dir ').map((offer) => offer.replace('/', ''))).toEqual([
        'folder',
      ]);
      expect(offers('oomwatcher parse --utc-offset ')).not.toContain(file);
    },
  );
});

describe('zsh', () => {
  /** What `_arguments` and `_describe` are given, which need a terminal to do more. */
  const wordsFor = (line: string) => {
    const folder = folderWith(zshCompletion(words));
    const script = `_arguments() { print -rl -- "$@" }; _describe() { print -rl -- $commands }; compdef() {}
      source ./script; words=("$@"); CURRENT=$#; _oomwatcher`;
    return lines('zsh', ['-f', '-c', script, 'zsh', ...line.split(/ /)], folder);
  };

  needs(shell('zsh')).test('offers every command with its words', () => {
    const offered = wordsFor('oomwatcher ');
    for (const { name, description } of words) {
      expect(offered).toContain(`${name}:${description.replaceAll(':', '\\:')}`);
    }
  });

  needs(shell('zsh')).test('describes every option of every command to _arguments', () => {
    for (const command of words) {
      const specs = wordsFor(`oomwatcher ${command.name} -`);
      for (const { long, description } of command.options) {
        const text = description.replaceAll(/[[\]]/g, '\\$&');
        expect(
          specs.some((spec) => spec.startsWith(long) && spec.includes(`[${text}]`)),
          long,
        ).toBe(true);
      }
    }
    expect(wordsFor('oomwatcher watch -')).toContainEqual(
      expect.stringMatching(/^--from=\[.*\]:start:\(now boot\)$/),
    );
    expect(wordsFor('oomwatcher parse x')).toContain('*:file:_files');
    expect(wordsFor('oomwatcher -')).toEqual(wordsFor('oomwatcher run -'));
  });
});

test('descriptions with quotes and brackets stay words', () => {
  const [command] = words as [CommandWords];
  const hostile = `it's [a] $(touch x) \`y\``;
  const changed = [{ ...command, description: hostile }];
  for (const script of [zshCompletion(changed), fishCompletion(changed)]) {
    expect(script).toContain("it'\\''s [a] $(touch x) `y`");
  }
});
