import { accessSync, constants, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { findMemoryHierarchy, type MemoryHierarchy } from '@oomwatcher/watcher';
import { notAllowed } from '../refusal.js';

/** A cgroup below which a limit of our own can be set. */
export interface Parent {
  version: 1 | 2;
  /** Its folder in the mounted hierarchy. */
  folder: string;
}

/**
 * What a limit above must leave free: a demo of 16 MiB that reached it would get somebody else killed.
 */
const minHeadroomBytes = 64 * 1024 * 1024;

/**
 * Where the throwaway cgroup can be made: at the root where that is possible, where no limit is above it, else where
 * this process itself is. Nothing is changed for it: with version 2 the parent must already give its children the
 * memory controller.
 *
 * @throws Refusal
 */
export function chooseParent(
  hierarchy: MemoryHierarchy | undefined = findMemoryHierarchy(),
  ownCgroups = readFileSync('/proc/self/cgroup', 'utf8'),
): Parent {
  if (hierarchy === undefined) {
    throw notAllowed(
      'the demo needs a memory cgroup, and no hierarchy with the memory controller is mounted here: run it on the node itself',
    );
  }
  const { version, root } = hierarchy;
  const reasons = candidates(hierarchy, ownCgroups).map((folder) => {
    const reason = obstacle({ version, folder }, root);
    return { folder, reason };
  });
  const possible = reasons.find(({ reason }) => reason === undefined);
  if (possible !== undefined) return { version, folder: possible.folder };
  throw notAllowed(`the demo cannot make a memory cgroup: ${reasons[0]?.reason}`);
}

/** The root, then this process's own cgroups from the outermost in. */
function candidates({ version, root }: MemoryHierarchy, ownCgroups: string): string[] {
  const folders: string[] = [];
  for (let folder = resolve(root, `.${ownPath(version, ownCgroups)}`); ; folder = dirname(folder)) {
    folders.unshift(folder);
    if (folder === root) return folders;
  }
}

/** @param ownCgroups the text of /proc/self/cgroup; a path that climbs is outside what is mounted */
function ownPath(version: 1 | 2, ownCgroups: string): string {
  for (const line of ownCgroups.split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    const isIt = version === 1 ? controllers?.split(',').includes('memory') : controllers === '';
    if (isIt && path !== undefined && !path.startsWith('/..')) return path;
  }
  return '/';
}

/** Why not below this one; undefined: nothing stands against it. */
function obstacle({ version, folder }: Parent, root: string): string | undefined {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EROFS'
      ? `${folder} is mounted read-only; run it on the node itself, or in a container with a writable /sys/fs/cgroup`
      : `${folder} may not be written (${code}); run it as root`;
  }
  if (version === 2 && !gives(folder, 'memory')) {
    return `${folder} does not give its children the memory controller; run it on the node itself, or allow it with: echo +memory >${folder}/cgroup.subtree_control`;
  }
  const tight = tightLimit(version, folder, root);
  return tight === undefined
    ? undefined
    : `the limit of ${tight} leaves too little memory, and the demo would get somebody else killed; run it elsewhere`;
}

function gives(folder: string, controller: string): boolean {
  return readText(join(folder, 'cgroup.subtree_control')).split(/\s+/).includes(controller);
}

/** The cgroup, this one or one above, whose limit is near. */
function tightLimit(version: 1 | 2, folder: string, root: string): string | undefined {
  const [limitFile, usageFile] =
    version === 1
      ? ['memory.limit_in_bytes', 'memory.usage_in_bytes']
      : ['memory.max', 'memory.current'];
  for (let at = folder; ; at = dirname(at)) {
    // `max` and the files that a root has not are NaN, and NaN is smaller than nothing.
    const headroom =
      Number.parseInt(readText(join(at, limitFile)), 10) -
      Number.parseInt(readText(join(at, usageFile)), 10);
    if (headroom < minHeadroomBytes) return at;
    if (at === root) return undefined;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
