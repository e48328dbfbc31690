import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { temporaryFolder } from '../../../kmsg/test/support/temporary.js';
import type { MemoryHierarchy } from '../../src/node/memory-hierarchy.js';

/** Folders that look like a memory hierarchy to whoever reads its counters. Paths are bytes, one character each. */
export class FakeHierarchy implements MemoryHierarchy {
  readonly version: 1 | 2;
  readonly root = temporaryFolder();
  readonly #fileName: string;

  constructor(
    version: 1 | 2,
    fileName = version === 1 ? 'memory.oom_control' : 'memory.events.local',
  ) {
    this.version = version;
    this.#fileName = fileName;
  }

  /** Makes the cgroup, or lets its count be another. */
  set(path: string, kills: number): void {
    mkdirSync(this.#bytes(path), { recursive: true });
    writeFileSync(this.#file(path), this.#text(kills));
  }

  /**
   * What is left for an open descriptor is what rmdir of a cgroup leaves: nothing to read (there ENODEV, here the file's
   * end).
   */
  remove(path: string): void {
    truncateSync(this.#file(path));
    rmSync(this.#bytes(path), { recursive: true });
  }

  #text(kills: number): string {
    return this.version === 1
      ? `oom_kill_disable 1\nunder_oom 0\noom_kill ${kills}\n`
      : `low 0\nhigh 0\nmax 7\noom 9\noom_kill ${kills}\noom_group_kill 5\n`;
  }

  #file(path: string): Buffer {
    return this.#bytes(`${path}/${this.#fileName}`);
  }

  #bytes(path: string): Buffer {
    return Buffer.concat([Buffer.from(this.root), Buffer.from(path, 'latin1')]);
  }
}
