import { describe, expect, it } from 'vitest';
import { allocateBatch, decodeSnapshot, openPortable } from '../src/index.js';
import { keepAll } from './support/records.js';
import { scriptedIo } from './support/scripted-io.js';

const rule = { marker: 'Killed process ', folder: '/proc/%', files: ['cgroup', 'status'] };

async function snapshotOf(
  record: string,
  files: Record<string, string | number> = {},
  rules = [rule],
) {
  const { io, state } = scriptedIo([record], files);
  const source = openPortable({ keep: keepAll, snapshots: rules, io });
  const batch = await source.next();
  source.close();
  const found = decodeSnapshot(batch!.memory, 0).map((file) =>
    file instanceof Uint8Array ? Buffer.from(file).toString('latin1') : file.errno,
  );
  return { found, filesRead: state.filesRead, closed: state.closed };
}

describe('the snapshot of a dying process', () => {
  it('holds the files of its rule in order', async () => {
    const { found, filesRead } = await snapshotOf('3,1,2,-;Killed process 42 (a)\n', {
      '/proc/42/cgroup': '0::/a\n',
      '/proc/42/status': 'Name:\ta\n',
    });
    expect(filesRead).toEqual(['/proc/42/cgroup', '/proc/42/status']);
    expect(found).toEqual(['0::/a\n', 'Name:\ta\n']);
  });

  it('distinguishes an empty file from one that was gone', async () => {
    const { found } = await snapshotOf('3,1,2,-;Killed process 42 (a)\n', {
      '/proc/42/cgroup': '',
    });
    expect(found).toEqual(['', -2]);
  });

  it('keeps the reason of each failure', async () => {
    const { found } = await snapshotOf('3,1,2,-;Killed process 42 (a)\n', {
      '/proc/42/cgroup': -3,
      '/proc/42/status': -13,
    });
    expect(found).toEqual([-3, -13]);
  });

  it('of a process that is gone keeps that reason for each file, and closes no folder', async () => {
    const { found, filesRead, closed } = await snapshotOf('3,1,2,-;Killed process 42 (a)\n', {
      '/proc/42': -2,
    });
    expect(found).toEqual([-2, -2]);
    expect(filesRead).toEqual([]);
    expect(closed).toBe(1);
  });

  it('leaves no folder open', async () => {
    const { closed } = await snapshotOf('3,1,2,-;Killed process 42 (a)\n');
    expect(closed).toBe(2);
  });

  it('is cut at 8192 bytes and leaves the next file whole', async () => {
    const { found } = await snapshotOf('3,1,2,-;Killed process 42 (a)\n', {
      '/proc/42/cgroup': 'x'.repeat(10_000),
      '/proc/42/status': 'next',
    });
    expect(found).toEqual(['x'.repeat(8192), 'next']);
  });

  it('is not taken for a record that user space forged', async () => {
    const { found, filesRead } = await snapshotOf('11,1,2,-;Killed process 42 (a)\n');
    expect(found).toEqual([]);
    expect(filesRead).toEqual([]);
  });

  it.each([
    'Killed process x 42',
    'Killed process  42',
    'Killed process ',
    'Killed process 12345678901',
    'killed process 42',
  ])('"%s" names no process', async (text) => {
    expect((await snapshotOf(`3,1,2,-;${text}\n`)).filesRead).toEqual([]);
  });

  it('is of the first number that follows the marker, not of one in a hostile name', async () => {
    const text = 'Killed process x: Killed process 42 (Killed process 1)';
    const { filesRead } = await snapshotOf(`3,1,2,-;${text}\n`);
    expect(filesRead).toEqual(['/proc/42/cgroup', '/proc/42/status']);
  });

  it('is that of the first rule that matches', async () => {
    const rules = [
      { marker: 'process ', folder: '/first/%', files: ['a'] },
      { marker: 'Killed process ', folder: '/second/%', files: ['a'] },
    ];
    const { filesRead } = await snapshotOf('3,1,2,-;Killed process 42\n', {}, rules);
    expect(filesRead).toEqual(['/first/42/a']);
  });

  it('does not read a number out of a dictionary line', async () => {
    expect((await snapshotOf('3,1,2,-;x\n A=Killed process 42\n')).filesRead).toEqual([]);
  });

  it.each([
    [7, 256 * 1024],
    [2, 8192 + 2 * 8196 - 1],
  ])(
    'of %i files that may not fit %i bytes is refused before the first process dies',
    (count, size) => {
      const files = Array.from({ length: count }, (_, i) => String(i));
      const snapshots = [{ marker: 'x', folder: '/proc/%', files }];
      const memory = allocateBatch(16, size);
      const { io } = scriptedIo([]);
      expect(() => openPortable({ keep: keepAll, snapshots, memory, io })).toThrow(RangeError);
    },
  );
});
