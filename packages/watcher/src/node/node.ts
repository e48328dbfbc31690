import { release } from 'node:os';
import { readBootId } from '@oomwatcher/kmsg';
import { findMemoryHierarchy, type MemoryHierarchy } from './memory-hierarchy.js';
import { seesNodeCgroups, seesNodePids } from './namespaces.js';

/** What a watch must know of the node that it runs on. */
export interface NodeFacts {
  bootId: string | undefined;
  /** The kernel's release as uname(2) gives it. */
  release: string;
  /** Where kill counters and groups are read; undefined where paths would not begin at the node's root. */
  hierarchy: MemoryHierarchy | undefined;
  /** Whether /proc/N is the process that the kernel's log calls N, with the cgroup path that the kernel uses. */
  seesVictims: boolean;
}

export function readNode(): NodeFacts {
  const seesCgroups = seesNodeCgroups();
  return {
    bootId: readBootId(),
    release: release(),
    hierarchy: seesCgroups ? findMemoryHierarchy() : undefined,
    seesVictims: seesCgroups && seesNodePids(),
  };
}
