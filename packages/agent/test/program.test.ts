import type { Command } from 'commander';
import { CommanderError } from 'commander';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hostileName, invisible } from '../../oom/test/support/kills.js';
import { reportFailure } from '../src/cli/failure.js';
import { buildProgram } from '../src/cli/program.js';
import { ExitCode } from '../src/exit-codes.js';
import { version } from '../src/version.js';
import { captureOutputs } from './support/outputs.js';

const environment = process.env.OOMWATCHER_SOURCE;
beforeEach(() => {
  delete process.env.OOMWATCHER_SOURCE;
});
afterEach(() => {
  if (environment !== undefined) process.env.OOMWATCHER_SOURCE = environment;
});

/** Runs a command line that must end before it does anything. */
async function refused(...args: string[]) {
  const { stdout, stderr } = captureOutputs();
  const error = await buildProgram(args)
    .parseAsync(args, { from: 'user' })
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  expect(error).toBeInstanceOf(CommanderError);
  return { exitCode: reportFailure(error), stdout: stdout(), stderr: stderr() };
}

describe('a wrong command line', () => {
  test.each([
    [['--no-such-option']],
    [['no-such-command']],
    [['watch', '--no-such-option']],
    [['watch', '--from', 'yesterday']],
    [['--from', 'yesterday']],
    [['watch', '--source']],
    [['watch', '--source', 'natve']],
    [['watch', '--state-dir', '/tmp']],
    [['run', '--state-dir']],
    [['history', '--since', 'tomorrow']],
    [['history', '--json', '--csv']],
    [['history', '--report', '7', '--csv']],
    [['history', '--pod', 'a/b/c']],
    [['history', '--limit', '0']],
    [['run', '--listen', 'everywhere']],
    [['run', '--otlp', 'collector:4318']],
    [['watch', 'superfluous']],
    [['parse']],
    [['parse', '--utc-offset', 'Berlin', 'x']],
    [['parse', '--from', 'boot', 'x']],
  ])('%j ends with 2 and one sentence, and starts nothing', async (args) => {
    const { exitCode, stdout, stderr } = await refused(...args);
    expect(exitCode).toBe(ExitCode.usage);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: .*\n/);
  });

  test('whose command is mistyped is answered which one was meant', async () => {
    const { exitCode, stderr } = await refused('wacth', '--json');
    expect(exitCode).toBe(ExitCode.usage);
    expect(stderr).toMatch(/unknown command 'wacth'\n.*Did you mean watch\?/);
  });

  test('that holds an escape sequence does not write it to the terminal', async () => {
    for (const args of [
      [hostileName],
      ['run', '--listen', hostileName],
      ['completion', hostileName],
    ]) {
      const { exitCode, stderr } = await refused(...args);
      expect(exitCode).toBe(ExitCode.usage);
      expect(stderr.trimEnd().replaceAll('\n', '')).not.toMatch(invisible);
    }
  });

  test('about a value names the values that are right', async () => {
    expect((await refused('watch', '--from', 'x')).stderr).toContain('now, boot');
    expect((await refused('parse', '--utc-offset', 'x', 'y')).stderr).toContain('+02:00');
  });
});

test('--version says what the manifest says and is no failure', async () => {
  for (const flag of ['--version', '-V']) {
    expect(await refused(flag)).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
  }
});

describe('help', () => {
  const commands = (program: Command) => [program, ...program.commands];

  test('is no failure, on every command', async () => {
    for (const command of ['', 'run', 'watch', 'parse', 'doctor', 'demo', 'completion']) {
      const { exitCode, stdout } = await refused(...[command, '--help'].filter(Boolean));
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/^Usage: /);
    }
  });

  test('says each default once, in the words in which it is given', () => {
    const run = buildProgram().commands.find((command) => command.name() === 'run');
    const text = run?.helpInformation().replace(/\s+/g, ' ');
    expect(text).toContain('as 30m or 1h (default: 1h) --state-dir');
  });

  test('names every command and every option, each with words', () => {
    const program = buildProgram();
    for (const command of commands(program)) {
      const text = command.helpInformation();
      expect(command.description(), command.name()).not.toBe('');
      expect(text).toContain(command.description().split(/[:;]/)[0]);
      for (const { flags, description } of command.options) {
        expect(text, command.name()).toContain(flags);
        expect(description, flags).not.toBe('');
      }
    }
    for (const { name } of program.commands.map((command) => ({ name: command.name() }))) {
      expect(program.helpInformation()).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
    }
  });

  test('says what the options are that the README and scripts rely on', () => {
    const flagsOf = (name: string) =>
      buildProgram()
        .commands.find((command) => command.name() === name)
        ?.options.map(({ long }) => long);
    expect(flagsOf('watch')).toEqual(['--json', '--source', '--witness', '--from', '--run-up']);
    expect(flagsOf('run')).toEqual([
      '--json',
      '--source',
      '--witness',
      '--from',
      '--kubernetes',
      '--kubeconfig',
      '--node-name',
      '--node-events',
      '--lookback',
      '--state-dir',
      '--witness-pins',
      '--listen',
      '--token-file',
      '--tls-cert',
      '--tls-key',
      '--run-up',
      '--compat-metrics',
      '--otlp',
      '--or-recording',
    ]);
    expect(flagsOf('history')).toEqual([
      '--json',
      '--csv',
      '--since',
      '--until',
      '--pod',
      '--container',
      '--workload',
      '--limit',
      '--report',
      '--no-pager',
      '--lang',
      '--state-dir',
    ]);
    expect(flagsOf('account')).toEqual(['--json', '--state-dir']);
    expect(flagsOf('parse')).toEqual(['--json', '--utc-offset', '--lang']);
    expect(flagsOf('doctor')).toEqual([
      '--json',
      '--state-dir',
      '--kubernetes',
      '--kubeconfig',
      '--node-name',
    ]);
    expect(flagsOf('demo')).toEqual(['--json', '--recording', '--listen']);
  });
});
