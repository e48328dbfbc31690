import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryHierarchy } from './memory-hierarchy.js';

/**
 * Says whether a kill takes a memory.oom.group with it: whether the victim's cgroup or one above it, up to the one whose
 * limit was hit, asks for that (mm/memcontrol.c, mem_cgroup_get_oom_group). In a v1 hierarchy none does.
 *
 * undefined: not known, because the victim's cgroup is not, or is gone.
 */
export function oomGroups({
  version,
  root,
}: MemoryHierarchy): (cgroup: { victim?: string; limit?: string }) => boolean | undefined {
  if (version === 1) return () => false;
  return ({ victim, limit }) => {
    if (victim === undefined) return undefined;
    for (let path = victim; path !== '' && path !== '/'; path = parent(path)) {
      const asks = asksForGroup(join(root, path));
      if (asks !== false) return asks;
      if (path === limit) break;
    }
    return false;
  };
}

function asksForGroup(folder: string): boolean | undefined {
  try {
    return readFileSync(join(folder, 'memory.oom.group'), 'latin1').startsWith('1');
  } catch {
    return undefined;
  }
}

function parent(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
