import { execFileSync } from 'node:child_process';
import {
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../../..');

/** The tree that a change is measured against, checked out and built in a folder of its own. */
export interface BaseTree extends Disposable {
  folder: string;
  commit: string;
}

/** Where main is when it is the origin's, as in a pull request, and otherwise the commit before this one. */
export function baseTree(): BaseTree | { skipped: string } {
  const commit = baseCommit();
  if (commit === undefined) {
    return { skipped: 'there is no commit to compare with (a shallow clone, or no git)' };
  }
  const folder = mkdtempSync(join(tmpdir(), 'oomwatcher-base-'));
  const drop = () => {
    git(['worktree', 'remove', '--force', folder]);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    git(['worktree', 'add', '--detach', folder, commit]);
    linkPackages(folder);
    compile(['kmsg', 'oom'].map((name) => join(folder, 'packages', name)));
  } catch (error) {
    drop();
    return { skipped: `${commit.slice(0, 12)} cannot be built: ${(error as Error).message}` };
  }
  return { folder, commit: commit.slice(0, 12), [Symbol.dispose]: drop };
}

function baseCommit(): string | undefined {
  const head = git(['rev-parse', 'HEAD']);
  const mergeBase = git(['merge-base', 'HEAD', 'origin/main']);
  // On main itself the merge base is HEAD, which is this tree unless it has changes.
  if (mergeBase !== undefined && mergeBase !== head) return mergeBase;
  return git(['rev-parse', '--verify', 'HEAD~']);
}

/** Undefined: git says no. */
function git(args: string[]): string | undefined {
  try {
    // The folder may be another user's: CI checks out as one and runs as root.
    const safe = ['-c', 'safe.directory=*', ...args];
    return execFileSync('git', safe, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}

/** Everybody else's packages as they are here, but the tree's own: it must not run this tree's code. */
function linkPackages(folder: string): void {
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@oomwatcher'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '@oomwatcher') symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  symlinkSync(join(root, 'native'), join(modules, '@oomwatcher/native'));
  for (const manifest of globSync('packages/*/package.json', { cwd: folder })) {
    const { name } = JSON.parse(readFileSync(join(folder, manifest), 'utf8')) as { name: string };
    if (name.startsWith('@')) symlinkSync(join(folder, manifest, '..'), join(modules, name));
  }
}

function compile(projects: string[]): void {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-b', ...projects], { stdio: ['ignore', 'pipe', 'pipe'] });
}
