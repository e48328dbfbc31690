import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findMemoryHierarchy } from '@oomwatcher/watcher';

const limitBytes = 64 * 1024 ** 2;

/** Empty memory cgroups with a limit, in places like those of pods; removed when disposed. */
export class LimitedCgroups implements Disposable {
  /** Those that have a limit. */
  readonly count: number;
  readonly #folders: string[] = [];

  constructor(count: number) {
    const hierarchy = findMemoryHierarchy();
    if (hierarchy === undefined) throw new Error('there is no memory hierarchy: mount one');
    const { version, root } = hierarchy;
    const limitFile = version === 1 ? 'memory.limit_in_bytes' : 'memory.max';
    this.count = count;
    const top = join(root, `oomwatcher-limited-${process.pid}.slice`);
    try {
      this.#make(top);
      for (let at = 0; at < count; at++) {
        const pod = join(top, `pod${String(Math.floor(at / 2)).padStart(36, '0')}.slice`);
        if (at % 2 === 0) this.#make(pod);
        const container = join(pod, `cri-containerd-${String(at).padStart(64, '0')}.scope`);
        this.#make(container);
        writeFileSync(join(container, limitFile), String(limitBytes));
      }
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    for (const folder of this.#folders.splice(0).reverse()) rmdirSync(folder);
  }

  #make(folder: string): void {
    mkdirSync(folder);
    this.#folders.push(folder);
  }
}
