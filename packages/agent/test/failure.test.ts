import { KmsgError } from '@oomwatcher/kmsg';
import { InputError } from '@oomwatcher/logs';
import { CommanderError } from 'commander';
import { expect, test } from 'vitest';
import { hostileName, invisible } from '../../oom/test/support/kills.js';
import { reportFailure } from '../src/cli/failure.js';
import { captureOutputs } from './support/outputs.js';

function failure(error: unknown): { code: number; stdout: string; stderr: string } {
  const { stdout, stderr } = captureOutputs();
  return { code: reportFailure(error), stdout: stdout(), stderr: stderr() };
}

const kmsgError = (notAllowed: boolean) =>
  new KmsgError('/dev/kmsg may not be read (EPERM)', {
    code: 'EPERM',
    remedy: 'run it as root',
    notAllowed,
  });

test('a wrong command line is 2, and commander has said it already', () => {
  expect(failure(new CommanderError(1, 'commander.unknownOption', 'x'))).toEqual({
    code: 2,
    stdout: '',
    stderr: '',
  });
});

test('asking for help is no failure', () => {
  expect(failure(new CommanderError(0, 'commander.helpDisplayed', '(outputHelp)')).code).toBe(0);
});

test('a node that does not allow it is 3, any other trouble with the log is 1', () => {
  const sentence = 'oomwatcher: /dev/kmsg may not be read (EPERM): run it as root';
  const demo = ' (`oomwatcher demo` shows a recorded storm instead)';
  expect(failure(kmsgError(true))).toEqual({
    code: 3,
    stdout: '',
    stderr: `${sentence}${demo}\n`,
  });
  expect(failure(kmsgError(false))).toEqual({ code: 1, stdout: '', stderr: `${sentence}\n` });
});

test('a log that is damaged or not there is one sentence without a stack', () => {
  expect(failure(new InputError('x.gz ends early'))).toMatchObject({
    code: 1,
    stderr: 'oomwatcher: x.gz ends early\n',
  });
  const missing = Object.assign(new Error("ENOENT: no such file or directory, open 'x'"), {
    code: 'ENOENT',
    syscall: 'open',
  });
  expect(failure(missing)).toMatchObject({
    code: 1,
    stderr: "oomwatcher: ENOENT: no such file or directory, open 'x'\n",
  });
});

test('a file name that would write to the terminal does not', () => {
  const { stderr } = failure(new InputError(`${hostileName} is a folder`));
  expect(stderr.split('\n')).toHaveLength(2);
  expect(stderr.trimEnd()).not.toMatch(invisible);
});

test('a defect of ours shows its stack, so that it can be reported', () => {
  const { code, stderr } = failure(new TypeError('x is not a function'));
  expect(code).toBe(1);
  expect(stderr).toMatch(/^oomwatcher: this is a defect, please report it\nTypeError: x is not/);
  expect(stderr).toContain('failure.test.ts');
});

test.each([undefined, null, 'text', 7, {}])('%j as an error does not fail on its own', (thrown) => {
  expect(failure(thrown).code).toBe(1);
});

test('a machine without /proc gets to know what to mount, and why', () => {
  const path = '/proc/sys/kernel/random/boot_id';
  const error = Object.assign(new Error('ENOENT'), { code: 'ENOENT', syscall: 'open', path });
  expect(failure(error)).toEqual({
    code: 3,
    stdout: '',
    stderr: expect.stringMatching(
      /^oomwatcher: \/proc\/.* cannot be read \(ENOENT\): mount \/proc, .*\n$/,
    ),
  });
});
