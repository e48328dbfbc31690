import type { Kill } from '@oomwatcher/oom';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { openJournal, record } from './support/journals.js';

const time = '2026-11-23T16:00:00.000000Z';
const victim = { pid: 4242, name: 'nginx', uid: 33, totalVmKiB: 2000 };

/** As an agent tells it that has only the kernel's log. */
const byLine: Kill = {
  schema: 'oomwatcher.kill/v1',
  id: 'b:7',
  bootId: 'b',
  seq: 7,
  time,
  monotonicUs: 7000,
  victim,
  complete: false,
  missing: 'withheld',
};

/** As one tells it that has only what the kernel told at the kill itself. */
const byKernel: Kill = {
  schema: 'oomwatcher.kill/v1',
  id: 'b:p4242-55',
  bootId: 'b',
  time: '2026-11-23T16:00:00.400000Z',
  victim: { ...victim, startTicks: 55 },
  cgroup: { victim: '/pod/app', from: 'kernel' },
  witnessed: true,
  complete: false,
};

const both: Kill = { ...byKernel, ...byLine, victim: { ...victim, startTicks: 55 } };

function told(...kills: Kill[]) {
  const folder = temporaryFolder();
  for (const kill of kills.slice(0, -1)) {
    const journal = openJournal(folder);
    record(journal, [kill]);
    journal.close();
  }
  const journal = openJournal(folder);
  const added = record(journal, kills.slice(-1));
  return { journal, added, all: journal.after(0, 100) };
}

describe('a kill that two agents tell, one of which had the kernel’s word, is one', () => {
  it.each([
    ['from the kernel’s word to the line', byKernel, byLine, 'b:p4242-55'],
    ['from the line to the kernel’s word', byLine, byKernel, 'b:7'],
    ['from both to the line', both, byLine, 'b:7'],
    ['from both to the kernel’s word', both, byKernel, 'b:7'],
    ['from the line to both', byLine, both, 'b:7'],
    ['from the kernel’s word to both', byKernel, both, 'b:p4242-55'],
  ])('%s', (_, first, second, id) => {
    const { journal, added, all } = told(first, second, second);
    expect(added).toEqual([]);
    expect(all).toHaveLength(1);
    const [{ row, kill }] = all as [(typeof all)[0]];
    expect(kill).toEqual({ ...both, id });
    expect(journal.boot('b')?.kills).toBe(1);
    // Whoever remembers either id finds it.
    const name = { namespace: 'shop', name: 'web' };
    for (const either of ['b:7', 'b:p4242-55']) {
      expect(journal.amend({ id: either, fields: { pod: { uid: 'u', ...name } } })?.row).toBe(row);
    }
  });

  it('what has been learned of it since stays', () => {
    const pod = { uid: 'u', namespace: 'shop', name: 'web' };
    const { all } = told({ ...byKernel, pod }, { ...byLine, pod: { uid: 'u' } });
    expect(all[0]?.kill).toMatchObject({ seq: 7, pod, cgroup: byKernel.cgroup });
  });

  it('listeners are told that it is complete, not that there is one more', () => {
    const { journal } = told(byKernel);
    const changes: string[] = [];
    journal.onChange(({ kind }) => changes.push(kind));
    record(journal, [byLine]);
    expect(changes).toEqual(['completed']);
  });
});

describe('two kills are not taken for one', () => {
  const other = (change: Partial<Kill['victim'] & object>): Kill => ({
    ...byLine,
    victim: { ...victim, ...change },
  });
  it.each([
    ['another process', other({ pid: 4243 })],
    ['another name', other({ name: 'httpd' })],
    ['another size', other({ totalVmKiB: 2004 })],
    ['another user', other({ uid: 34 })],
    ['another hour', { ...byLine, time: '2026-11-23T17:00:00.000000Z' }],
    ['another boot', { ...byLine, bootId: 'a', id: 'a:7' }],
    ['another start', { ...byKernel, id: 'b:p4242-56', victim: { ...victim, startTicks: 56 } }],
  ])('%s', (_, kill) => {
    expect(told(byKernel, kill).all).toHaveLength(2);
  });

  it('of two of one number, each line completes one', () => {
    const again = { ...byKernel, id: 'b:p4242-66', victim: { ...victim, startTicks: 66 } };
    const line = { ...byLine, id: 'b:8', seq: 8 };
    const { all } = told(byKernel, again, byLine, line);
    expect(all.map(({ kill }) => [kill.id, kill.seq])).toEqual([
      ['b:p4242-55', 7],
      ['b:p4242-66', 8],
    ]);
  });
});

it('the other ids go with their kills', () => {
  const folder = temporaryFolder();
  const journal = openJournal(folder, { maxKills: 2 });
  for (let pid = 1; pid <= 5; pid++) {
    const id = `b:p${pid}-55`;
    record(journal, [{ ...both, id, seq: pid, victim: { ...victim, pid, startTicks: 55 } }]);
  }
  const aliases = journal.store.read((db) => db.prepare('SELECT id FROM kill_aliases').all());
  expect(aliases.map(({ id }) => id)).toEqual(['b:4', 'b:5']);
});
