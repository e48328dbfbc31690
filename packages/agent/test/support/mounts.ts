import { spawnSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../../../kmsg/test/support/temporary.js';

/** A file system of its own in memory, of so many bytes; unmounted when the test is over. */
export function smallFileSystem(bytes: number): string {
  const folder = temporaryFolder();
  mount('-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder);
  onTestFinished(() => void spawnSync('umount', ['--lazy', folder]));
  return folder;
}

export function remount(folder: string, options: 'ro' | 'rw'): void {
  mount('-o', `remount,${options}`, folder);
}

function mount(...args: string[]): void {
  const { status, stderr } = spawnSync('mount', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`mount ${args.join(' ')}: ${stderr}`);
}
