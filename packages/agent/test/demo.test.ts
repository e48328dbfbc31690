import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../kmsg/test/support/temporary.js';
import { isGone, thisProcess } from '../src/demo/owner.js';
import { chooseParent } from '../src/demo/parent.js';
import { ExitCode } from '../src/exit-codes.js';
import { Refusal } from '../src/refusal.js';

/** A hierarchy of version 2 in ordinary files. */
function hierarchy(files: Record<string, string>): { version: 2; root: string } {
  const root = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return { version: 2, root };
}

function refusalOf(act: () => unknown): Refusal {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal);
    return error as Refusal;
  }
  throw new Error('nothing was refused');
}

const own = '0::/user.slice/shell.scope\n';
const mib = 1024 * 1024;

describe('the demo’s cgroup is made', () => {
  test('at the root, where no limit is above it', () => {
    const tree = hierarchy({
      'cgroup.subtree_control': 'cpu memory\n',
      'user.slice/cgroup.subtree_control': 'memory\n',
      'user.slice/shell.scope/cgroup.procs': '',
    });
    expect(chooseParent(tree, own)).toEqual({ version: 2, folder: tree.root });
  });

  test('where its own user may, when the root gives nobody the memory controller', () => {
    const tree = hierarchy({
      'cgroup.subtree_control': 'cpu\n',
      'user.slice/cgroup.subtree_control': 'memory pids\n',
      'user.slice/memory.max': `${100 * mib}\n`,
      'user.slice/memory.current': `${20 * mib}\n`,
      'user.slice/shell.scope/cgroup.procs': '',
    });
    expect(chooseParent(tree, own).folder).toBe(join(tree.root, 'user.slice'));
  });

  test('nowhere below a limit that it would reach itself: somebody else would be killed', () => {
    const tree = hierarchy({
      'cgroup.subtree_control': 'memory\n',
      'memory.max': `${100 * mib}\n`,
      'memory.current': `${50 * mib}\n`,
    });
    const { message, exitCode } = refusalOf(() => chooseParent(tree, '0::/\n'));
    expect(exitCode).toBe(ExitCode.notAllowed);
    expect(message).toContain(`the limit of ${tree.root} leaves too little memory`);
  });

  test('nowhere without the memory controller, and the remedy is said and not done', () => {
    const tree = hierarchy({ 'cgroup.subtree_control': 'cpu\n' });
    const { message, exitCode } = refusalOf(() => chooseParent(tree, '0::/../elsewhere\n'));
    expect(exitCode).toBe(ExitCode.notAllowed);
    expect(message).toContain(`echo +memory >${tree.root}/cgroup.subtree_control`);
  });
});

test('a process is gone only when its pid is nobody’s or another’s, in the same pid namespace', () => {
  const me = thisProcess();
  expect(isGone(me)).toBe(false);
  expect(isGone({ ...me, startTicks: '1' })).toBe(true);
  expect(isGone({ ...me, pid: 2 ** 22 + 1 })).toBe(true);
  expect(isGone({ ...me, namespace: '1', startTicks: '1' })).toBe(false);
});
