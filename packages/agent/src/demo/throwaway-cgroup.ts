import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal } from '../refusal.js';
import { isGone, type Owner, thisProcess } from './owner.js';
import type { Parent } from './parent.js';
import { victimName } from './victim.js';

export const limitKiB = 16 * 1024;

/** A cgroup can be removed only when the kernel has let go of the last process in it. */
const removeWithinMs = 5000;

/** One that holds on to a process that is nobody's victim must not keep the next demo waiting. */
const removeLeftoverWithinMs = 500;

/** The cgroup of one demo. Its name says whose it is, so that a later demo can remove what a killed one left behind. */
export class ThrowawayCgroup implements AsyncDisposable {
  readonly folder: string;
  readonly name: string;

  /** Makes it, with its limit. @throws the error of the file system */
  constructor({ version, folder }: Parent) {
    this.name = nameOf(thisProcess());
    this.folder = join(folder, this.name);
    mkdirSync(this.folder);
    try {
      for (const [file, value, isOptional] of limits[version]) {
        const path = join(this.folder, file);
        if (!isOptional || existsSync(path)) writeFileSync(path, value);
      }
    } catch (error) {
      rmdirSync(this.folder);
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const problem = await remove(this.folder, removeWithinMs);
    if (problem === undefined) return;
    throw new Refusal(`${this.folder} could not be removed (${problem}): remove it with rmdir`);
  }
}

const limitBytes = String(limitKiB * 1024);

/** In the order in which the kernel takes them. Swap would put off the kill; what the kernel lacks is left out. */
const limits: Record<1 | 2, readonly [file: string, value: string, isOptional: boolean][]> = {
  1: [
    ['memory.limit_in_bytes', limitBytes, false],
    ['memory.memsw.limit_in_bytes', limitBytes, true],
    ['memory.swappiness', '0', true],
  ],
  2: [
    ['memory.max', limitBytes, false],
    ['memory.swap.max', '0', true],
  ],
};

/**
 * Removes the cgroups of demos that were killed before they could do it themselves: those whose name says that their
 * process was in this pid namespace and is gone. A process there that is no demo's victim stays, and its cgroup with it.
 */
export async function removeLeftovers({ folder }: Parent): Promise<void> {
  for (const name of readdirSync(folder)) {
    const owner = ownerOf(name);
    if (owner === undefined || !isGone(owner)) continue;
    const leftover = join(folder, name);
    killVictims(leftover);
    await remove(leftover, removeLeftoverWithinMs);
  }
}

function nameOf({ namespace, pid, startTicks }: Owner): string {
  return `oomwatcher-demo-${namespace}-${pid}-${startTicks}`;
}

function ownerOf(name: string): Owner | undefined {
  const [, namespace, pid, startTicks] = /^oomwatcher-demo-(\d+)-(\d+)-(\d+)$/.exec(name) ?? [];
  if (namespace === undefined || pid === undefined || startTicks === undefined) return undefined;
  return { namespace, pid: Number(pid), startTicks };
}

function killVictims(folder: string): void {
  for (const line of readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n')) {
    const pid = Number(line);
    try {
      // 0: a process of another pid namespace.
      if (pid > 0 && readFileSync(`/proc/${pid}/comm`, 'utf8').trimEnd() === victimName) {
        process.kill(pid, 'SIGKILL');
      }
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** @returns the code of the error when it is still there after so long */
async function remove(folder: string, withinMs: number): Promise<string | undefined> {
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    try {
      rmdirSync(folder);
      return undefined;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return undefined;
      if (code !== 'EBUSY' || performance.now() > deadlineMs) return code;
    }
    await sleep(10);
  }
}
