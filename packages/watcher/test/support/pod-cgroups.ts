import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../kmsg/test/support/temporary.js';
import type { MemoryHierarchy } from '../../src/index.js';

/** Sizes of one pod's cgroup, KiB. */
export interface PodCgroup {
  path: string;
  usageKiB: number;
  fileKiB?: number;
  shmemKiB?: number;
  limitKiB?: number;
}

/** v1's word for no limit: the greatest number of pages, in bytes. */
const noLimit = '9223372036854771712';

/** A memory hierarchy as a node with these pods has it: the files that the kernel would show. */
export function podCgroups(version: 1 | 2, pods: readonly PodCgroup[]): MemoryHierarchy {
  const root = temporaryFolder();
  for (const pod of pods) addPod({ version, root }, pod);
  return { version, root };
}

export function addPod({ version, root }: MemoryHierarchy, pod: PodCgroup): void {
  const { usageKiB, fileKiB = 0, shmemKiB = 0, limitKiB } = pod;
  const folder = join(root, pod.path);
  mkdirSync(folder, { recursive: true });
  const bytes = (kib: number) => String(kib * 1024);
  const files =
    version === 2
      ? {
          'memory.current': bytes(usageKiB),
          'memory.max': limitKiB === undefined ? 'max' : bytes(limitKiB),
          'memory.stat': `anon 1\nfile ${bytes(fileKiB)}\nfile_mapped 7\nshmem ${bytes(shmemKiB)}\n`,
        }
      : {
          'memory.usage_in_bytes': bytes(usageKiB),
          'memory.limit_in_bytes': limitKiB === undefined ? noLimit : bytes(limitKiB),
          'memory.stat': `cache 7\nshmem 7\ntotal_cache ${bytes(fileKiB)}\ntotal_shmem ${bytes(shmemKiB)}\n`,
        };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), `${text}\n`);
}
