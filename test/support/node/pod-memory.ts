import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { V1Pod } from '@kubernetes/client-node';
import { memoryHierarchy } from '../needs.ts';

/** Bytes. */
export interface Usage {
  usage: number;
  /** What kubelet reports and evicts by: without file pages that nobody has used for long. */
  workingSet: number;
  anonymous: number;
}

/** The memory cgroup of a pod as kubelet's cgroupfs driver makes it. */
export class PodMemory {
  readonly #folder: string;
  readonly #isOld: boolean;

  constructor({ metadata, status }: V1Pod) {
    const qos = status?.qosClass === 'Guaranteed' ? '' : (status?.qosClass?.toLowerCase() ?? '');
    this.#folder = join(memoryHierarchy() ?? '', 'kubepods', qos, `pod${metadata?.uid}`);
    this.#isOld = existsSync(join(this.#folder, 'memory.usage_in_bytes'));
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

/** Its id. */
function firstContainer({ status }: V1Pod): string {
  const [first] = status?.containerStatuses ?? [];
  return first?.containerID?.split('://')[1] ?? '';
}
