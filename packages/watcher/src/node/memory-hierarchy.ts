import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The mounted hierarchy that holds the memory controller. */
export interface MemoryHierarchy {
  version: 1 | 2;
  /** Where its root is mounted. */
  root: string;
}

/**
 * Finds the memory controller among the mounts: a v1 hierarchy that names it, else a v2 one that offers it. Only a
 * mount of the hierarchy's own root counts: paths in the kernel's log begin there, not at a bind-mounted subtree.
 *
 * @param mountinfo the text of /proc/self/mountinfo (Documentation/filesystems/proc.rst, 3.5)
 */
export function findMemoryHierarchy(
  mountinfo = readFileSync('/proc/self/mountinfo', 'utf8'),
): MemoryHierarchy | undefined {
  let unified: string | undefined;
  for (const line of mountinfo.split('\n')) {
    const [left, right] = line.split(' - ');
    const [, , , subtree, mountPoint] = left?.split(' ') ?? [];
    const [type, , superOptions] = right?.split(' ') ?? [];
    if (subtree !== '/' || mountPoint === undefined) continue;
    const root = unescapeMount(mountPoint);
    if (type === 'cgroup' && superOptions?.split(',').includes('memory'))
      return { version: 1, root };
    if (type === 'cgroup2' && offersMemory(root)) unified = root;
  }
  return unified === undefined ? undefined : { version: 2, root: unified };
}

function offersMemory(root: string): boolean {
  try {
    return readFileSync(join(root, 'cgroup.controllers'), 'utf8')
      .trim()
      .split(' ')
      .includes('memory');
  } catch {
    return false;
  }
}

/** mountinfo writes space, tab, newline and backslash as octal escapes (fs/proc_namespace.c, mangle). */
function unescapeMount(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
