import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { identify, type OtherPod } from '@oomwatcher/oom';
import type { MemoryHierarchy } from '../node/memory-hierarchy.js';
import { subfolders } from '../node/subfolders.js';

/** What the cgroups of a node's pods held at one moment. */
export interface PodMemory {
  /** The cgroups of all, from the root of the hierarchy. */
  paths: string[];
  /** Those that held most, without page cache; biggest first. */
  biggest: (OtherPod & { path: string })[];
}

/**
 * Where kubelet keeps its pods, by its drivers. Nowhere else, and no deeper: below that whoever runs in a container makes
 * cgroups of any name.
 */
const roots = ['/kubepods.slice', '/kubepods'];

/** A node runs 110 pods by default and rarely more than 500. */
const maxPods = 4_000;

/** Of so many, the biggest by usage, the page cache is read: memory.stat gathers what all CPUs have counted. */
const maxWithStat = 32;

const files = {
  1: { usage: 'memory.usage_in_bytes', limit: 'memory.limit_in_bytes', of: 'total_' },
  2: { usage: 'memory.current', limit: 'memory.max', of: '' },
};

/** undefined: there is no kubelet's cgroup. */
export function readPodMemory({ version, root }: MemoryHierarchy): PodMemory | undefined {
  const kubelets = roots.find((path) => isOfSameOwner(root, path));
  if (kubelets === undefined) return undefined;
  const names = files[version];
  const pods = podsBelow(root, kubelets).flatMap((pod) => {
    const usageKiB = readKiB(join(root, pod.path, names.usage));
    return usageKiB === undefined ? [] : [{ ...pod, usageKiB }];
  });
  const biggest = pods
    .sort((a, b) => b.usageKiB - a.usageKiB)
    .slice(0, maxWithStat)
    .flatMap((pod): PodMemory['biggest'] => {
      const fileKiB = pageCacheKiB(join(root, pod.path, 'memory.stat'), names.of);
      const limitKiB = readKiB(join(root, pod.path, names.limit));
      // It has just gone.
      if (fileKiB === undefined || limitKiB === undefined) return [];
      const isLimited = limitKiB !== Number.POSITIVE_INFINITY;
      return [{ ...pod, fileKiB, ...(isLimited && { limitKiB }) }];
    });
  const held = ({ usageKiB, fileKiB }: OtherPod) => usageKiB - fileKiB;
  return {
    paths: pods.map(({ path }) => path),
    biggest: biggest.sort((a, b) => held(b) - held(a)),
  };
}

/** Where users have cgroups of their own, kubelet's is as the whole hierarchy is: root's. */
function isOfSameOwner(root: string, path: string): boolean {
  const owner = statSync(root, { throwIfNoEntry: false })?.uid;
  return (
    owner !== undefined && statSync(join(root, path), { throwIfNoEntry: false })?.uid === owner
  );
}

function podsBelow(
  root: string,
  kubelets: string,
): Pick<PodMemory['biggest'][number], 'path' | 'uid' | 'qos'>[] {
  const found: ReturnType<typeof podsBelow> = [];
  const paths = [kubelets];
  for (const path of paths) {
    for (const name of subfolders(join(root, path))) {
      const below = `${path}/${name}`;
      const { scope, pod } = identify(below);
      if (scope === 'qos') paths.push(below);
      // `<slice>:cri-containerd:<id>` is a container beside its pod.
      if (scope !== 'pod' || pod === undefined || found.length === maxPods) continue;
      found.push({ path: below, uid: pod.uid, qos: pod.qos });
    }
  }
  return found;
}

/** `max`, and v1's greatest number of pages, are no limit: infinite. undefined: it is gone. */
function readKiB(path: string): number | undefined {
  const text = readText(path)?.trim();
  if (text === undefined || text === '') return undefined;
  const bytes = text === 'max' ? Number.POSITIVE_INFINITY : Number(text);
  if (Number.isNaN(bytes)) return undefined;
  return bytes > Number.MAX_SAFE_INTEGER ? Number.POSITIVE_INFINITY : Math.floor(bytes / 1024);
}

/** Without tmpfs and shared memory, which are counted with it. */
function pageCacheKiB(path: string, prefix: string): number | undefined {
  const text = readText(path);
  const of = (name: string) => {
    const [, bytes] = new RegExp(`^${prefix}${name} (\\d+)$`, 'm').exec(text ?? '') ?? [];
    return bytes === undefined ? undefined : Number(bytes);
  };
  const cache = prefix === '' ? of('file') : of('cache');
  const shmem = of('shmem') ?? 0;
  return cache === undefined ? undefined : Math.max(0, Math.floor((cache - shmem) / 1024));
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
