import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { V1Pod } from '@kubernetes/client-node';
import { memoryHierarchy } from '../needs.ts';
import { isSystemdDriver } from './cgroup-driver.ts';

/** Bytes. */
export interface Usage {
  usage: number;
  /** What kubelet reports and evicts by: without file pages that nobody has used for long. */
  workingSet: number;
  anonymous: number;
}

/** The memory cgroup of a pod as kubelet makes it. */
export class PodMemory {
  readonly #path: string;
  readonly #folder: string;
  readonly #isOld: boolean;

  constructor({ metadata, status }: V1Pod) {
    const qos = status?.qosClass === 'Guaranteed' ? '' : (status?.qosClass?.toLowerCase() ?? '');
    const uid = metadata?.uid ?? '';
    this.#path = isSystemdDriver ? slicesOf(qos, uid) : join('/kubepods', qos, `pod${uid}`);
    this.#folder = join(memoryHierarchy() ?? '', this.#path);
    this.#isOld = existsSync(join(this.#folder, 'memory.usage_in_bytes'));
  }

  /** The path of the pod's first container in the hierarchy, as the kernel writes it. */
  pathOfContainer(pod: V1Pod): string {
    return join(this.#path, firstContainer(pod));
  }

  /** What no spec says. */
  limit(bytes: number): void {
    const file = this.#isOld ? 'memory.limit_in_bytes' : 'memory.max';
    writeFileSync(join(this.#folder, file), String(bytes));
  }

  usage(): Usage {
    const prefix = this.#isOld ? 'total_' : '';
    const usage = Number(this.#read(this.#isOld ? 'memory.usage_in_bytes' : 'memory.current'));
    const stat = this.#read('memory.stat');
    const field = (name: string) =>
      Number(new RegExp(`^${prefix}${name} (\\d+)$`, 'm').exec(stat)?.[1]);
    return {
      usage,
      workingSet: usage - field('inactive_file'),
      anonymous: field(this.#isOld ? 'rss' : 'anon'),
    };
  }

  /** As kubelet sets it from 1.28 on, on cgroup v2: the processes of the pod's first container are killed together. */
  killTogether(pod: V1Pod): void {
    writeFileSync(join(this.#folder, firstContainer(pod), 'memory.oom.group'), '1');
  }

  /** The main process of the pod's first container. */
  mainPid(pod: V1Pod): number {
    return Number(this.#read(join(firstContainer(pod), 'cgroup.procs')).split('\n', 1)[0]);
  }

  #read(file: string): string {
    return readFileSync(join(this.#folder, file), 'utf8');
  }
}

/** A slice's name begins with those of its parents, and `-` parts them: in an id it is `_` (cm, cgroup_manager_linux.go). */
function slicesOf(qos: string, uid: string): string {
  const pods = qos === '' ? 'kubepods' : `kubepods-${qos}`;
  const folder = qos === '' ? '/kubepods.slice' : `/kubepods.slice/${pods}.slice`;
  return `${folder}/${pods}-pod${uid.replaceAll('-', '_')}.slice`;
}

/** Its cgroup's name. */
function firstContainer({ status }: V1Pod): string {
  const [first] = status?.containerStatuses ?? [];
  const id = first?.containerID?.split('://')[1] ?? '';
  return isSystemdDriver ? `cri-containerd-${id}.scope` : id;
}
