import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findMemoryHierarchy } from '@oomwatcher/watcher';
import { compile } from './compile.ts';

/** After so many milliseconds so much is held. */
export type Step = [ms: number, kib: number];

export interface Growth {
  /** Of the process, and of its cgroup. */
  name: string;
  /** See grow.c. */
  kind: 'anon' | `tmpfs:${string}` | `cache:${string}`;
  steps: readonly Step[];
  /** It has a parent that holds so much, and is killed first. */
  parentKiB?: number;
}

interface Bounds {
  atUs: number;
  lowKiB: number;
  highKiB: number;
}

export const limitKiB = 64 * 1024;

/** Between the reading of a sample and the time that is written on it the reader may be put off. */
const putOffUs = 1e6;

/** A process in a memory cgroup of its own whose memory goes as it is told, and that says how it went. */
export class Growing implements AsyncDisposable {
  readonly name: string;
  /** From the root of the memory hierarchy. */
  readonly path: string;
  readonly exited: Promise<NodeJS.Signals | null>;
  pid = 0;
  parentPid: number | undefined;
  readonly #folder: string;
  readonly #child: ChildProcess;
  readonly #log: Bounds[] = [{ atUs: 0, lowKiB: 0, highKiB: 0 }];

  constructor({ name, kind, steps, parentKiB }: Growth) {
    const hierarchy = findMemoryHierarchy();
    if (hierarchy === undefined) throw new Error('no memory hierarchy is mounted');
    this.name = name;
    this.path = `/oomwatcher-${process.pid}-${name}`;
    this.#folder = join(hierarchy.root, this.path);
    mkdirSync(this.#folder);
    const limitFile = hierarchy.version === 1 ? 'memory.limit_in_bytes' : 'memory.max';
    const swapFile = hierarchy.version === 1 ? 'memory.swappiness' : 'memory.swap.max';
    writeFileSync(join(this.#folder, limitFile), String(limitKiB * 1024));
    writeFileSync(join(this.#folder, swapFile), '0');
    this.#child = spawn(
      compile(join(import.meta.dirname, 'grow.c')),
      [this.#folder, name, kind, ...(parentKiB === undefined ? [] : [String(parentKiB)])],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    this.exited = once(this.#child, 'close').then(([, signal]) => signal);
    this.#read();
    // Whoever is killed reads no more.
    this.#child.stdin?.on('error', () => {});
    this.#child.stdin?.end(steps.map(([ms, kib]) => `${ms} ${kib}\n`).join(''));
  }

  #read(): void {
    let rest = '';
    this.#child.stdout?.setEncoding('latin1').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const [first, second, third] = line.split(' ');
        if (first === 'pid') this.pid = Number(second);
        else if (first === 'parent') this.parentPid = Number(second);
        else
          this.#log.push({ atUs: Number(first), lowKiB: Number(second), highKiB: Number(third) });
      }
    });
  }

  /** What it held, at least and at most, at some moment between these two, or a little before. */
  heldBetween(fromUs: number, toUs: number): { lowKiB: number; highKiB: number } {
    const begin = this.#log.findLastIndex(({ atUs }) => atUs <= fromUs - putOffUs);
    const end = this.#log.findLastIndex(({ atUs }) => atUs <= toUs);
    const inForce = this.#log.slice(Math.max(0, begin), end + 1);
    return {
      lowKiB: Math.min(...inForce.map(({ lowKiB }) => lowKiB)),
      highKiB: Math.max(...inForce.map(({ highKiB }) => highKiB)),
    };
  }

  /** When it began to hold more than so much. */
  passedUs(kib: number): number {
    return this.#log.find(({ highKiB }) => highKiB > kib)?.atUs ?? Number.POSITIVE_INFINITY;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (;;) {
      try {
        for (const pid of this.#members()) process.kill(pid, 'SIGKILL');
        rmdirSync(this.#folder);
        break;
      } catch (error) {
        // The kernel lets go of the last process a moment after it has ended.
        const { code } = error as NodeJS.ErrnoException;
        if (code !== 'EBUSY' && code !== 'ESRCH') throw error;
        await sleep(20);
      }
    }
    await this.exited;
  }

  #members(): number[] {
    return readFileSync(join(this.#folder, 'cgroup.procs'), 'latin1')
      .split('\n')
      .map(Number)
      .filter((pid) => pid > 0);
  }
}
