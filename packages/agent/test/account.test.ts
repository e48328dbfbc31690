import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BootRecord } from '@oomwatcher/journal';
import { account, noteWitness } from '@oomwatcher/journal';
import { readBootId } from '@oomwatcher/kmsg';
import { expect, test } from 'vitest';
import { needs, privateMounts } from '../../../test/support/needs.ts';
import { killsOf, openJournal, record } from '../../journal/test/support/journals.js';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { accountCommand } from '../src/cli/commands/account.js';
import { accountLines } from '../src/output/account-lines.js';
import { smallFileSystem } from './support/mounts.js';
import { captureOutputs } from './support/outputs.js';

const boot: BootRecord = {
  bootId: 'b',
  kills: 1180,
  repeats: 4,
  forged: 3,
  lost: 7,
  beforeFirstWatch: 18,
  whileAway: 2,
  unaccounted: 0,
  lostThrough: 9n,
};

test('the account closes only when every kill of the kernel has its place', () => {
  expect(account('b', boot, 1204).unaccounted).toBe(0);
  expect(account('b', boot, 1205).unaccounted).toBe(1);
  expect(account('b', boot, 1203).unaccounted, 'never corrected').toBe(-1);
});

test('a kernel that does not count has no difference, and says so', () => {
  const without = account('b', boot, undefined);
  expect(without).not.toHaveProperty('kernelKills');
  expect(without).not.toHaveProperty('unaccounted');
  const lines = accountLines(without);
  expect(lines.join('\n')).not.toMatch(/kernel since boot|unaccounted/);
  expect(lines.at(-1)).toMatch(/does not count its kills \(Linux 4\.13/);
});

test('before the first comparison there is no difference to be alarmed by', () => {
  const { beforeFirstWatch: _, ...young } = boot;
  const report = account('b', young, 5000);
  expect(report).not.toHaveProperty('unaccounted');
  expect(accountLines(report).at(-1)).toMatch(/just begun/);
});

test('people get every figure under the others, and what it comes to', () => {
  expect(accountLines(account('b', boot, 1206))).toEqual([
    'kills counted by the kernel since boot          1206',
    '  in the journal                                1180',
    '  counted twice (first victims of groups)          4',
    '  before the first watch, no longer in the log    18',
    '  while no agent ran, no longer in the log         2',
    '  unaccounted                                      2',
    'records of the log lost                            7',
    'forged records rejected                            3',
    "2 of the kernel's kills cannot be accounted for: see that oomwatcher run is running, and ask again.",
  ]);
  expect(accountLines(account('b', boot, 1204)).at(-1)).toBe(
    'Every kill since boot is accounted for.',
  );
});

test('what closes nothing fails', async () => {
  captureOutputs();
  const folder = temporaryFolder();
  const code = (kernelKills: number | undefined, stateDir = folder) =>
    accountCommand({ stateDir, json: true, kernelKills: () => kernelKills });
  expect(await code(6), 'no journal').toBe(1);
  journalOfThisBoot(folder);
  expect(await code(6)).toBe(0);
  expect(await code(7), 'one is missing').toBe(1);
  expect(await code(undefined), 'the kernel does not count').toBe(1);
});

test('where nothing was compared that is the first word of the conclusion', () => {
  const { beforeFirstWatch: _, ...young } = boot;
  for (const report of [
    account('b', young, 5000),
    account('b', boot, undefined),
    { schema: 'oomwatcher.account/v1' as const, bootId: 'b', reason: 'no journal' },
  ])
    expect(accountLines(report).at(-1)).toMatch(/^Nothing was compared/);
});

test('whether the kernel itself reports kills is shown as the agent last knew it, for its boot only', async () => {
  const folder = temporaryFolder();
  const journal = journalOfThisBoot(folder);
  const witness = { live: true, reason: 'loaded' };
  noteWitness(journal.store, readBootId(), witness);
  const report = await asked(folder, () => 6);
  expect(report.witness).toEqual(witness);
  expect(accountLines(report)).toContain('witness in the kernel: live (loaded)');
  noteWitness(journal.store, 'another boot', witness);
  expect(await asked(folder, () => 6)).not.toHaveProperty('witness');
});

async function asked(stateDir: string, kernelKills: () => number | undefined) {
  const { stdout } = captureOutputs();
  await accountCommand({ stateDir, json: true, kernelKills });
  return JSON.parse(stdout());
}

function journalOfThisBoot(folder: string) {
  const bootId = readBootId();
  const journal = openJournal(folder);
  journal.append({
    kills: killsOf(1, 3).map((kill) => ({ ...kill, id: `${bootId}:${kill.seq}`, bootId })),
    cursor: { bootId, seq: 3n },
    tallies: { beforeFirstWatch: 2, repeats: 1 },
  });
  return journal;
}

test('it is read while the agent has the journal', async () => {
  const folder = temporaryFolder();
  journalOfThisBoot(folder);
  expect(await asked(folder, () => 6)).toEqual({
    schema: 'oomwatcher.account/v1',
    bootId: readBootId(),
    kernelKills: 6,
    kills: 3,
    repeats: 1,
    beforeFirstWatch: 2,
    whileAway: 0,
    unaccounted: 0,
    lost: 0,
    forged: 0,
  });
});

test('a kill that is counted and not yet recorded is waited for', async () => {
  const folder = temporaryFolder();
  const journal = journalOfThisBoot(folder);
  const bootId = readBootId();
  let asks = 0;
  const kernelKills = () => {
    if (++asks === 3) {
      const late = killsOf(4, 1).map((kill) => ({ ...kill, bootId }));
      journal.append({ kills: late, cursor: { bootId, seq: 4n }, tallies: {} });
    }
    return 7;
  };
  expect(await asked(folder, kernelKills)).toMatchObject({ kills: 4, unaccounted: 0 });
});

needs(privateMounts).test(
  'while the agent has its journal in memory the disk’s is not taken for its account',
  async () => {
    const folder = smallFileSystem(256 * 1024);
    const journal = journalOfThisBoot(folder);
    for (let i = 4; journal.store.storage.kind === 'disk'; i++) record(journal, killsOf(i, 1));
    expect(await asked(folder, () => 6), 'nothing has happened since').toMatchObject({
      unaccounted: 0,
    });
    const report = await asked(folder, () => 9);
    expect(report).not.toHaveProperty('unaccounted');
    expect(report.reason).toMatch(/journal in memory.*\/api\/v1\/account/);
  },
);

test.each([
  ['there is no journal', (_: string) => {}, /no journal in .*--state-dir/],
  ['it is damaged', (path: string) => writeFileSync(path, 'x'.repeat(9000)), /damaged/],
])('the kernel’s count is reported where %s, with the reason', async (_, prepare, reason) => {
  const folder = temporaryFolder();
  prepare(join(folder, 'journal.db'));
  expect(await asked(folder, () => 6)).toEqual({
    schema: 'oomwatcher.account/v1',
    bootId: readBootId(),
    kernelKills: 6,
    reason: expect.stringMatching(reason),
  });
});

test('a journal of another boot does not speak for this one', async () => {
  const folder = temporaryFolder();
  openJournal(folder).append({
    kills: killsOf(1, 3),
    cursor: { bootId: 'b', seq: 3n },
    tallies: { beforeFirstWatch: 0 },
  });
  const report = await asked(folder, () => 6);
  expect(report.reason).toMatch(/no oomwatcher run has watched this boot/);
  expect(report).not.toHaveProperty('kills');
});
