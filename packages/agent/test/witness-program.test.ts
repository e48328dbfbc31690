import { expect, test } from 'vitest';
import { named, storedNames, witnessProgram } from '../src/runtime/witness-program.js';

const pid = 4711;
const listen = (names: string, more: NodeJS.ProcessEnv = {}) => ({
  LISTEN_PID: String(pid),
  LISTEN_FDS: String(names.split(':').length),
  LISTEN_FDNAMES: names,
  ...more,
});

test('what a loader handed over is taken, by its name, and no child inherits it', () => {
  const env = listen('oomwatcher-state:web:oomwatcher-ring:oomwatcher-unknown', { HOME: '/' });
  expect(witnessProgram('/pins', env, pid)).toEqual({
    handed: [
      { name: 'state', fd: 3 },
      { name: 'ring', fd: 5 },
    ],
  });
  expect(env).toEqual({ HOME: '/' });
});

test('what was handed to another process is not taken', () => {
  const env = listen('oomwatcher-ring', { LISTEN_PID: '1' });
  expect(witnessProgram('/pins', env, pid)).toEqual({ pins: '/pins' });
});

test('fewer descriptors than names are not taken for more', () => {
  const env = listen('oomwatcher-state:oomwatcher-ring', { LISTEN_FDS: '1' });
  expect(witnessProgram(undefined, env, pid)).toEqual({ handed: [{ name: 'state', fd: 3 }] });
});

test('a loader that was refused has said why', () => {
  const env = { OOMWATCHER_WITNESS_REFUSED: 'no BTF' };
  expect(witnessProgram('/pins', env, pid)).toEqual({ refused: 'no BTF' });
  expect(env).toEqual({});
});

test('what is stored is what is looked for', () => {
  expect(named([{ name: 'ring', fd: 9 }])).toEqual([{ name: 'oomwatcher-ring', fd: 9 }]);
  expect(storedNames).toContain('oomwatcher-ring');
});
