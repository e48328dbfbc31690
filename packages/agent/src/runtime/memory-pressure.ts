import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findMemoryHierarchy, type MemoryHierarchy } from '@oomwatcher/watcher';

/** For what part of the last 10 s somebody waited for memory; what the kernel does not tell is absent. */
export interface MemoryPressure {
  /** 0 to 100. */
  pressurePercent?: number;
}

/** Of the whole node (Documentation/accounting/psi.rst). */
export function nodePressure(path = '/proc/pressure/memory'): MemoryPressure {
  try {
    const [, percent] = /^some avg10=([\d.]+)/.exec(readFileSync(path, 'latin1')) ?? [];
    return percent === undefined ? {} : { pressurePercent: Number(percent) };
  } catch {
    // A kernel without it, or with psi=0.
    return {};
  }
}

let hierarchy: MemoryHierarchy | undefined | null = null;

/** Of a cgroup and all below it; v1 has none. */
export function cgroupPressure(path: string): MemoryPressure {
  hierarchy = hierarchy === null ? findMemoryHierarchy() : hierarchy;
  if (hierarchy?.version !== 2) return {};
  return nodePressure(join(hierarchy.root, path, 'memory.pressure'));
}
