import { type Kill, maxOtherPods } from '@oomwatcher/oom';
import {
  findMemoryHierarchy,
  type MemoryHierarchy,
  type PodMemory,
  readPodMemory,
  seesNodeCgroups,
} from '@oomwatcher/watcher';

/** What is read later says nothing of the kill. */
const maxAfterMs = 10_000;

/** Reading takes at most so much of the time, however many kills there are. */
const maxShare = 0.05;

/**
 * Adds to the kills of a node that ran out of memory what its other pods held. Nothing is read for any other kill, and kills
 * that came before one reading share it.
 */
export class OtherPods {
  readonly #hierarchy: MemoryHierarchy | undefined;
  readonly #nowMs: () => number;
  #read: { atMs: number; pods: PodMemory | undefined } | undefined;
  #readAgainMs = Number.NEGATIVE_INFINITY;

  /** @param hierarchy undefined: of a captured log, or where the node's cgroups are not seen */
  constructor(hierarchy: MemoryHierarchy | undefined, nowMs: () => number = Date.now) {
    this.#hierarchy = hierarchy;
    this.#nowMs = nowMs;
  }

  static ofThisNode(hierarchy = seesNodeCgroups() ? findMemoryHierarchy() : undefined): OtherPods {
    return new OtherPods(hierarchy);
  }

  addTo(kill: Kill): Kill {
    if (kill.constraint !== 'none' || kill.otherPods !== undefined) return kill;
    const { time, trigger, cgroup } = kill;
    // Whose the victim is must be known: what are other pods else?
    if (trigger?.manual || cgroup?.victim === undefined || time === undefined) return kill;
    const { victim } = cgroup;
    const killMs = Date.parse(time);
    const read = this.#since(killMs);
    if (read?.pods === undefined) return kill;
    const { paths, biggest } = read.pods;
    const isOther = (path: string) => !`${victim}/`.startsWith(`${path}/`);
    const others = biggest.filter(({ path }) => isOther(path));
    if (others.length === 0) return kill;
    return {
      ...kill,
      otherPods: {
        afterMs: Math.max(0, Math.round(read.atMs - killMs)),
        count: paths.filter(isOther).length,
        biggest: others.slice(0, maxOtherPods).map(({ path: _, ...pod }) => pod),
      },
    };
  }

  /** What was read after that time, and not long after it. */
  #since(killMs: number): { atMs: number; pods: PodMemory | undefined } | undefined {
    const nowMs = this.#nowMs();
    if (this.#hierarchy === undefined || nowMs - killMs > maxAfterMs) return undefined;
    if (this.#read !== undefined && this.#read.atMs >= killMs && this.#read.atMs <= nowMs)
      return this.#read;
    const startMs = performance.now();
    if (startMs < this.#readAgainMs) return undefined;
    this.#read = { atMs: nowMs, pods: readPodMemory(this.#hierarchy) };
    const endMs = performance.now();
    this.#readAgainMs = endMs + (endMs - startMs) / maxShare;
    return this.#read;
  }
}
