import { constants } from 'node:os';
import type { SnapshotError } from '@oomwatcher/kmsg';
import { type OomLine, snapshotRules, type Witness } from '@oomwatcher/oom';
import type { MemoryHierarchy } from '../node/memory-hierarchy.js';
import type { NodeFacts } from '../node/node.js';
import type { PlaceSource } from './place-source.js';

/** A file of a process' folder in /proc. */
export type VictimFile = 'cgroup' | 'status';

/** Which are read and in which order, see SnapshotRule. */
export interface VictimFileOrder {
  files: VictimFile[];
  slowFiles: VictimFile[];
}

/**
 * The order in which they are read decides how often both can be, of a process that has milliseconds to live.
 *
 * v1: its cgroup file says `/` from the moment on when it begins to exit, its status lives until it is reaped.
 * v2: its cgroup file has the path until the end, but up to Linux 6.7 reading it waits for cgroup_mutex
 * (proc_cgroup_show, kernel/cgroup/cgroup.c), which others hold, since 6.0 for as long as 30 ms, while they move a
 * process. A read that has begun keeps the process, so what does not wait comes first, and the victims of the next lines
 * are not kept waiting. The second status says whether the cgroup can have been removed meanwhile.
 *
 * @param release as uname(2) gives it
 */
export function victimFileOrder(
  version: MemoryHierarchy['version'] | undefined,
  release: string,
): VictimFileOrder {
  if (version === 1) return { files: ['cgroup', 'status'], slowFiles: [] };
  return movesHoldLong(release)
    ? { files: ['status'], slowFiles: ['cgroup', 'status'] }
    : { files: ['status', 'cgroup'], slowFiles: [] };
}

function movesHoldLong(release: string): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(release) ?? [];
  return Number(major) === 6 && Number(minor) <= 7;
}

/** What the source reads of a victim the moment its kill line comes; nothing where /proc/N is another process. */
export function victimSnapshots(node: NodeFacts): ReturnType<typeof snapshotRules> {
  return node.seesVictims
    ? snapshotRules(victimFileOrder(node.hierarchy?.version, node.release))
    : [];
}

/**
 * Places a kill by the files of its victim in /proc, which were read with the kill line.
 *
 * The line may be old (the ring is read from its start) and its pid long since another process's. So the files count
 * only when they show a process on which SIGKILL is pending for the whole group: the kernel sends it before it prints
 * the kill line, and it stays in ShdPnd until the process is reaped (mm/oom_kill.c, kernel/signal.c complete_signal).
 */
export class VictimFiles implements PlaceSource {
  readonly #names: readonly VictimFile[];

  constructor({ hierarchy, release }: Pick<NodeFacts, 'hierarchy' | 'release'>) {
    const { files, slowFiles } = victimFileOrder(hierarchy?.version, release);
    this.#names = [...files, ...slowFiles];
  }

  victimOf(_line: OomLine, files: readonly (Uint8Array | SnapshotError)[]): Witness | undefined {
    return readVictim(this.#names, files);
  }
}

/** @param files what was read for each of `names`, or why not (ENOENT, ESRCH: the process was gone) */
export function readVictim(
  names: readonly VictimFile[],
  files: readonly (Uint8Array | SnapshotError)[],
): Witness | undefined {
  const cgroup = files[names.indexOf('cgroup')];
  const status = files[names.indexOf('status')];
  const lastStatus = files[names.lastIndexOf('status')];
  if (!(cgroup instanceof Uint8Array && status instanceof Uint8Array)) return undefined;
  const statusText = latin1(status);
  if (!isSigkillPending(statusText)) return undefined;

  const victim: Witness = {};
  const dead = lastStatus instanceof Uint8Array ? isZombie(latin1(lastStatus)) : isGone(lastStatus);
  const path = memoryCgroup(latin1(cgroup), dead);
  if (path !== undefined) victim.cgroup = path;
  const tgid = field(statusText, 'Tgid');
  if (tgid !== undefined) victim.tgid = Number(tgid);
  const mainProcess = isFirstOfItsNamespace(field(statusText, 'NSpid'));
  if (mainProcess !== undefined) victim.mainProcess = mainProcess;
  return victim;
}

const sigkillBit = 1n << 8n;

function isSigkillPending(status: string): boolean {
  const pending = field(status, 'ShdPnd') ?? '';
  return /^[0-9a-f]+$/.test(pending) && (BigInt(`0x${pending}`) & sigkillBit) !== 0n;
}

function isGone(error: SnapshotError | undefined): boolean {
  return error?.errno === -constants.errno.ESRCH || error?.errno === -constants.errno.ENOENT;
}

function isZombie(status: string): boolean {
  return /^[ZX]/.test(field(status, 'State') ?? '');
}

/**
 * NSpid lists the pid in every nested pid namespace, outermost first. With a single entry the process shares the node's
 * namespace, and nothing says whether it was its container's first process.
 */
function isFirstOfItsNamespace(nsPids: string | undefined): boolean | undefined {
  const pids = nsPids?.split(/\s+/) ?? [];
  return pids.length > 1 ? pids.at(-1) === '1' : undefined;
}

/**
 * The path in the hierarchy that holds the memory controller: the v1 line that names it, else the v2 line `0::`.
 * A path that climbs (`/../`) is relative to a cgroup namespace that is not the node's, so it names nothing certain.
 */
function memoryCgroup(cgroupFile: string, dead: boolean): string | undefined {
  let unified: string | undefined;
  // A line without its end was cut with the file, and what is left of its path is another cgroup's.
  for (const line of cgroupFile.split('\n').slice(0, -1)) {
    const match = /^\d+:([^:]*):(\/.*)$/s.exec(line);
    if (match === null) continue;
    const controllers = match[1] as string;
    const path = match[2] as string;
    if (controllers.split(',').includes('memory')) return certain(path);
    if (controllers === '') unified = path;
  }
  if (unified === undefined) return undefined;
  const removed = / \(deleted\)$/;
  if (!removed.test(unified)) return certain(unified);
  // Only a cgroup whose last members are zombies or gone can have been removed under them (kernel/cgroup/cgroup.c). Of
  // another process it may be the cgroup's name, or it became a zombie after the status was read.
  return dead ? certain(unified.replace(removed, '')) : undefined;
}

function certain(path: string): string | undefined {
  return path === '/' || path.startsWith('/..') ? undefined : path;
}

function field(status: string, name: string): string | undefined {
  const start = status.indexOf(`\n${name}:\t`);
  if (start < 0) return undefined;
  const valueStart = start + name.length + 3;
  const end = status.indexOf('\n', valueStart);
  return status.slice(valueStart, end < 0 ? undefined : end).trim();
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
