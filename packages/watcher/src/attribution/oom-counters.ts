import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { decodeName } from '@oomwatcher/oom';
import type { MemoryHierarchy } from '../node/memory-hierarchy.js';
import { subfolders } from '../node/subfolders.js';
import { type KnownCgroup, type KnownCounts, maxKnownCgroups } from './known-counts.js';

/** The kernel's kill counters at one moment, since the last rebase. */
export interface CounterSample {
  /** Kills of each memory cgroup that counted any, its descendants' not included; by decoded path. */
  cgroups: ReadonlyMap<string, number>;
  /** Kills of the whole node (/proc/vmstat), read after the cgroups. */
  total: number;
}

/** What a memory cgroup has counted since it was made, its descendants' kills not included. */
export interface CgroupKills {
  /** Its folder's inode number, which no other cgroup ever has. */
  id: bigint;
  /** Decoded, from the root of the hierarchy. */
  path: string;
  kills: number;
}

/** Of each cgroup that has counted any, read once. */
export function readCgroupKills(hierarchy: MemoryHierarchy): CgroupKills[] {
  const counters = OomCounters.open(hierarchy);
  try {
    return counters?.sinceMade() ?? [];
  } finally {
    counters?.close();
  }
}

/**
 * Reads the kernel's own kill counters, `oom_kill` of every memory cgroup and of /proc/vmstat (both since 4.13). A
 * descriptor of each cgroup stays open, so that a sample costs one read(2) a cgroup. Nothing is read between samples.
 */
export class OomCounters {
  readonly #root: string;
  readonly #fileName: string;
  readonly #vmstat: number;
  readonly #live = new Map<string, Counter>();
  /** What cgroups that are gone had counted. */
  readonly #gone = new Map<string, number>();
  readonly #buffer = Buffer.allocUnsafe(64 * 1024);
  #vmstatBase = 0;
  #vmstatLast = 0;

  /** undefined: this kernel has no such counters, or they cannot be read. */
  static open({ version, root }: MemoryHierarchy): OomCounters | undefined {
    const fileName = version === 1 ? 'memory.oom_control' : localEvents(root);
    const vmstat = openForReading('/proc/vmstat');
    if (vmstat === undefined) return undefined;
    const counters = new OomCounters(root, fileName, vmstat);
    if (counters.#count(vmstat) === undefined) {
      counters.close();
      return undefined;
    }
    counters.scan();
    counters.sample();
    counters.rebase();
    return counters;
  }

  private constructor(root: string, fileName: string, vmstat: number) {
    this.#root = root;
    this.#fileName = fileName;
    this.#vmstat = vmstat;
  }

  /** How many cgroups are watched. */
  get size(): number {
    return this.#live.size;
  }

  /** Finds cgroups that are new since the last scan. They counted from zero when they were made. */
  scan(): void {
    const folders = [''];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      if (!this.#live.has(folder)) this.#watch(folder);
      for (const name of subfolders(this.#bytes(folder))) folders.push(`${folder}/${name}`);
    }
  }

  sample(): CounterSample {
    for (const [folder, counter] of this.#live) {
      const value = this.#count(counter.fd);
      if (value === undefined) this.#forget(folder, counter);
      else counter.last = value;
    }
    const cgroups = new Map(this.#gone);
    for (const [folder, { base, last }] of this.#live) {
      const path = pathOf(folder);
      if (last > base) cgroups.set(path, last - base + (cgroups.get(path) ?? 0));
    }
    this.#vmstatLast = this.#count(this.#vmstat) ?? this.#vmstatLast;
    return { cgroups, total: this.#vmstatLast - this.#vmstatBase };
  }

  /** What was counted at the last sample, by each cgroup that is still there. */
  sinceMade(): CgroupKills[] {
    return [...this.#live].flatMap(([folder, { last: kills }]) => {
      const id = kills > 0 ? inodeOf(this.#bytes(folder)) : undefined;
      return id === undefined ? [] : [{ id, path: pathOf(folder), kills }];
    });
  }

  /** Kills of the whole node since boot, read now. */
  readTotalSinceBoot(): number {
    return this.#count(this.#vmstat) ?? this.#vmstatLast;
  }

  /** What the node's count was at the last sample. */
  get totalAtSample(): number {
    return this.#vmstatLast;
  }

  /** What it was at the sample that the last rebase made the zero. */
  get totalAtRebase(): number {
    return this.#vmstatBase;
  }

  /** Makes the last sample the new zero: what happened since then is not forgotten. */
  rebase(): void {
    for (const counter of this.#live.values()) counter.base = counter.last;
    this.#gone.clear();
    this.#vmstatBase = this.#vmstatLast;
  }

  /** The counts at the last rebase; undefined: in more cgroups than are kept. */
  atRebase(): Pick<KnownCounts, 'total' | 'cgroups'> | undefined {
    const cgroups: KnownCgroup[] = [];
    for (const [path, counter] of this.#live) {
      if (counter.base === 0) continue;
      counter.inode ??= inodeOfFile(counter.fd);
      cgroups.push({ path, inode: counter.inode, kills: counter.base });
      if (cgroups.length > maxKnownCgroups) return undefined;
    }
    return { total: this.#vmstatBase, cgroups };
  }

  /**
   * Makes counts of before the zero: a cgroup that was not among them had counted nothing, or was made since.
   * Returns whether they can be of this node.
   */
  rebaseTo({ total, cgroups }: Pick<KnownCounts, 'total' | 'cgroups'>): boolean {
    if (total > this.readTotalSinceBoot()) return false;
    this.#vmstatBase = total;
    this.#gone.clear();
    for (const counter of this.#live.values()) counter.base = 0;
    for (const { path, inode, kills } of cgroups) {
      const counter = this.#live.get(path);
      if (counter === undefined) continue;
      counter.inode ??= inodeOfFile(counter.fd);
      if (counter.inode === inode && counter.last >= kills) counter.base = kills;
    }
    return true;
  }

  close(): void {
    for (const { fd } of this.#live.values()) closeSync(fd);
    this.#live.clear();
    closeSync(this.#vmstat);
  }

  #watch(folder: string): void {
    const fd = openForReading(this.#bytes(`${folder}/${this.#fileName}`));
    if (fd !== undefined) this.#live.set(folder, { fd, base: 0, last: 0 });
  }

  #forget(folder: string, { fd, base, last }: Counter): void {
    closeSync(fd);
    this.#live.delete(folder);
    const path = pathOf(folder);
    if (last > base) this.#gone.set(path, (this.#gone.get(path) ?? 0) + last - base);
  }

  /** Folder names are bytes, here one character each; a path given to the kernel must be the same bytes. */
  #bytes(folder: string): Buffer {
    return pathBytes(this.#root, folder);
  }

  #count(fd: number): number | undefined {
    let length: number;
    try {
      length = readSync(fd, this.#buffer, 0, this.#buffer.length, 0);
    } catch {
      // ENODEV: the cgroup was removed.
      return undefined;
    }
    const match = /(?:^|\n)oom_kill (\d+)/.exec(this.#buffer.toString('latin1', 0, length));
    return match === null ? undefined : Number(match[1]);
  }
}

interface Counter {
  fd: number;
  /** Looked up when it is asked for. */
  inode?: string;
  base: number;
  last: number;
}

/** Since 5.3 a cgroup's own events have a file of their own; before 5.2 memory.events was not hierarchical. */
function localEvents(root: string): string {
  const [first] = subfolders(Buffer.from(root));
  const hasLocal =
    first === undefined || existsSync(pathBytes(root, `/${first}/memory.events.local`));
  return hasLocal ? 'memory.events.local' : 'memory.events';
}

function inodeOf(folder: Buffer): bigint | undefined {
  return statSync(folder, { bigint: true, throwIfNoEntry: false })?.ino;
}

function pathBytes(root: string, folder: string): Buffer {
  return Buffer.concat([Buffer.from(root), Buffer.from(folder, 'latin1')]);
}

function openForReading(path: string | Buffer): number | undefined {
  try {
    return openSync(path, 'r');
  } catch {
    return undefined;
  }
}

function inodeOfFile(fd: number): string {
  return String(fstatSync(fd, { bigint: true }).ino);
}

function pathOf(folder: string): string {
  return folder === '' ? '/' : decodeName(folder);
}
