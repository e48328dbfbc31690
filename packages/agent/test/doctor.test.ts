import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FlightRecorder } from '@oomwatcher/watcher';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { invisible, plain } from '../../oom/test/support/kills.js';
import { doctorReport } from '../src/cli/commands/doctor.js';
import { capability } from '../src/doctor/capability.js';
import { cgroups } from '../src/doctor/cgroups.js';
import { missing, ok, warning } from '../src/doctor/finding.js';
import { findingLines, verdict } from '../src/doctor/finding-lines.js';
import { kernelWitness } from '../src/doctor/kernel-witness.js';
import { processes } from '../src/doctor/namespaces.js';
import { oomSettings } from '../src/doctor/oom-settings.js';
import { judgeRing } from '../src/doctor/ring.js';
import { runUps } from '../src/doctor/run-ups.js';
import { sqlite } from '../src/doctor/runtime.js';
import { stateFolder } from '../src/doctor/state-folder.js';
import { temporaryFile } from './support/temporary.js';

describe('a check says', () => {
  test('CAP_SYSLOG missing only where the kernel asks for it', () => {
    const facts = (dmesgRestrict: boolean, syslogCapability: boolean) =>
      capability({ dmesgRestrict, syslogCapability, devkmsgOff: false }).status;
    expect(facts(false, false)).toBe('ok');
    expect(facts(true, true)).toBe('ok');
    expect(facts(true, false)).toBe('missing');
  });

  test('a ring that a single report overruns, and not one that is only young', () => {
    expect(judgeRing({ records: 300, firstSeq: 0n }).status).toBe('ok');
    expect(judgeRing({ records: 4096, firstSeq: 9n })).toMatchObject({
      status: 'ok',
      message: expect.stringContaining('4,096 records/s'),
    });
    expect(judgeRing({ records: 600, firstSeq: 9n })).toMatchObject({
      status: 'warning',
      remedy: expect.stringContaining('log_buf_len'),
    });
  });

  test('a /proc that hides other users’ processes', () => {
    const finding = processes(() => {
      throw Object.assign(new Error(), { code: 'ENOENT' });
    });
    expect(finding).toMatchObject({
      status: 'warning',
      remedy: expect.stringContaining('hidepid'),
    });
  });

  test('why the kernel does not tell of kills itself, and what to do', async () => {
    const refused = new Error('cannot make the maps: EPERM: not permitted, bpf; give CAP_BPF');
    expect(await kernelWitness(() => Promise.reject(refused))).toMatchObject({
      status: 'warning',
      message: expect.stringMatching(/^cannot make the maps: EPERM: not permitted, bpf: kills are/),
      remedy: 'give CAP_BPF',
    });
    expect(await kernelWitness(async () => ({ control: 'refused' }))).toMatchObject({
      status: 'ok',
      message: expect.stringContaining('deduced'),
    });
    expect((await kernelWitness(async () => ({ control: 'attached' }))).status).toBe('ok');
  });

  test('settings of the kernel that take kills or reports away', () => {
    const settings = (values: Record<string, string>) =>
      oomSettings((name) => values[name] as string);
    expect(settings({ panic_on_oom: '0', oom_dump_tasks: '1' }).status).toBe('ok');
    expect(settings({ panic_on_oom: '2', oom_dump_tasks: '1' }).remedy).toContain('panic_on_oom');
    expect(settings({ panic_on_oom: '0', oom_dump_tasks: '0' }).remedy).toContain('oom_dump_tasks');
  });

  test('a container’s bind mount from the node’s hierarchy', () => {
    const bound = '30 23 0:26 /pod1 /sys/fs/cgroup ro - cgroup2 cgroup2 rw';
    expect(cgroups(bound)).toMatchObject([{ check: 'memory cgroups', status: 'warning' }]);
  });

  test('a Node.js without node:sqlite', () => {
    expect(sqlite(true).status).toBe('ok');
    expect(sqlite(false)).toMatchObject({ status: 'warning' });
  });

  test('a state folder that is there, one that can be made, and one that is a file', () => {
    const folder = temporaryFolder();
    expect(stateFolder(folder).message).toContain('can be written');
    mkdirSync(join(folder, 'a'));
    expect(stateFolder(join(folder, 'a/b/c'))).toMatchObject({
      status: 'ok',
      message: expect.stringContaining('can be made'),
    });
    expect(stateFolder(temporaryFile(''))).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('ENOTDIR'),
    });
  });
});

describe('what is said in the end', () => {
  const good = ok('one', 'is there');
  const poor = warning('the other', 'is not', 'do it');
  const bad = missing('a', 'b\x1b[2J\nok  c\u202e', 'd');

  test('answers whether the agent can work', () => {
    expect(verdict([good])).toBe('The agent can work here.');
    expect(verdict([good, poor])).toBe('The agent can work here, with 1 warning.');
    expect(verdict([poor, bad])).toBe('The agent cannot work here: one thing is missing.');
    expect(doctorReport([good, poor]).ok).toBe(true);
    expect(doctorReport([good, bad]).ok).toBe(false);
  });

  test('is one line a check, whatever a path is called', () => {
    expect(findingLines([good, poor], plain)).toEqual([
      'ok       one        is there',
      'warning  the other  is not: do it',
    ]);
    expect(findingLines([bad], plain).join('')).not.toMatch(invisible);
  });
});

test('the minutes before a kill: none without the addon, and no processes that are hidden', async () => {
  const recorder = {
    stats: () => ({ sinceMonotonicUs: 1 }),
    sentence: () => 'samples 3 cgroups',
    close: () => {},
  } as unknown as FlightRecorder;
  const facts = {
    open: () => ({ recorder, reason: '' }),
    isNodePids: () => true,
    readProcess: () => {},
  };
  const hidden = () => {
    throw Object.assign(new Error(), { code: 'EACCES' });
  };
  expect(await runUps(facts)).toMatchObject({
    status: 'ok',
    message: expect.stringContaining('samples 3 cgroups'),
  });
  expect(await runUps({ ...facts, open: () => ({ reason: 'no addon' }) })).toMatchObject({
    status: 'warning',
    message: expect.stringContaining('not recorded, no addon'),
  });
  for (const change of [{ isNodePids: () => false }, { readProcess: hidden }]) {
    expect(await runUps({ ...facts, ...change })).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('not which of their processes grew'),
    });
  }
});
