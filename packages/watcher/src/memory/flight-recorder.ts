import { type MemoryRecorder, openMemoryRecorder, type RecorderStats } from '@oomwatcher/kmsg';
import type { Kill, MemoryRunUp, RunUp } from '@oomwatcher/oom';
import { findMemoryHierarchy } from '../node/memory-hierarchy.js';
import { seesNodeCgroups } from '../node/namespaces.js';
import { decodedRunUp, pathBytes } from './recorded.js';

/** What the recorder does and costs; see RecorderStats of the addon. */
export type FlightRecorderStats = RecorderStats;

/** The recorder, or one sentence on why there is none. */
export type FlightRecorderOpening =
  | { recorder: FlightRecorder; reason: string }
  | { recorder?: undefined; reason: string };

/** Kills of a storm are told at once: for so long what was read for one serves the next of its cgroup. */
const freshMs = 100;

/** Remembers the last ten minutes of each memory cgroup that has a limit, on a thread of the addon. */
export class FlightRecorder {
  readonly #native: MemoryRecorder;
  readonly #read = new Map<string, { atMs: number; runUp: MemoryRunUp | undefined }>();

  static open(): FlightRecorderOpening {
    if (!seesNodeCgroups()) {
      return { reason: "the cgroup namespace is not the node's: no cgroup of a kill is seen" };
    }
    const hierarchy = findMemoryHierarchy();
    if (hierarchy === undefined) {
      return { reason: 'no cgroup hierarchy with the memory controller is mounted at its root' };
    }
    try {
      const recorder = new FlightRecorder(openMemoryRecorder(hierarchy));
      return { recorder, reason: `samples the cgroups at ${hierarchy.root}` };
    } catch (error) {
      return { reason: (error as Error).message };
    }
  }

  private constructor(native: MemoryRecorder) {
    this.#native = native;
  }

  /** The minutes before a kill of this boot. undefined: nothing was recorded of its cgroup, nor of the limit's. */
  runUpOf({ time, cgroup }: Pick<Kill, 'time' | 'cgroup'>): RunUp | undefined {
    if (cgroup === undefined) return undefined;
    const killMonotonicUs = time === undefined ? undefined : monotonicUsOf(time);
    const { victim, limit } = cgroup;
    const own = this.#before(victim, killMonotonicUs);
    const owner = limit === victim ? undefined : this.#before(limit, killMonotonicUs);
    if (own === undefined && owner === undefined) return undefined;
    return {
      ...(killMonotonicUs !== undefined && { killMonotonicUs }),
      ...(own !== undefined && { cgroup: own }),
      ...(owner !== undefined && { limitOwner: owner }),
    };
  }

  /** Cgroups that now use at least that share (0 to 1) of a limit of their own, the fullest first. */
  closeToLimit(share: number, max: number): MemoryRunUp[] {
    return this.#native.closeToLimit(share, max).map(decodedRunUp);
  }

  /** What it does now, in one sentence. */
  sentence(): string {
    const { cgroups, stretch, leftOut, processesDenied } = this.stats();
    const rarely =
      stretch < 1.05
        ? ''
        : `, ${stretch.toFixed(1)} times more rarely than it would, to stay below its share of a core`;
    const hidden = processesDenied ? ', without their processes, which /proc hides' : '';
    const beyond = leftOut ? '; there are more cgroups than it follows' : '';
    // Not toLocaleString(): Node's table of languages would be 5 MB of the agent's memory.
    return `samples ${cgroups} cgroups${hidden}${rarely}${beyond}`;
  }

  stats(): FlightRecorderStats {
    return this.#native.stats();
  }

  /** Ends the recording; what was recorded can still be asked for. Idempotent. */
  close(): void {
    this.#native.close();
  }

  #before(path: string | undefined, untilMonotonicUs = nowMonotonicUs()): MemoryRunUp | undefined {
    if (path === undefined || path === '/') return undefined;
    const runUp = this.#fresh(path, untilMonotonicUs);
    if (runUp === undefined) return undefined;
    const { samples } = runUp;
    const later = samples.findIndex(({ monotonicUs }) => monotonicUs > untilMonotonicUs);
    const until = later === -1 ? runUp : { ...runUp, samples: samples.slice(0, later) };
    return until.samples.length === 0 ? undefined : until;
  }

  #fresh(path: string, untilMonotonicUs: number): MemoryRunUp | undefined {
    const nowMs = performance.now();
    const known = this.#read.get(path);
    if (known !== undefined && nowMs - known.atMs < freshMs) {
      // A cgroup that was made anew since then is not the one that it was of.
      const isOf = (known.runUp?.sinceMonotonicUs ?? 0) <= untilMonotonicUs;
      if (isOf) return known.runUp;
    }
    for (const [other, { atMs }] of this.#read) {
      if (nowMs - atMs >= freshMs) this.#read.delete(other);
    }
    const runUp = this.#recorded(path, untilMonotonicUs);
    this.#read.set(path, { atMs: nowMs, runUp });
    return runUp;
  }

  #recorded(path: string, untilMonotonicUs: number): MemoryRunUp | undefined {
    for (const bytes of pathBytes(path)) {
      const found = this.#native.runUp(bytes, untilMonotonicUs);
      if (found !== undefined) return decodedRunUp(found);
    }
    return undefined;
  }
}

/** libuv's clock is CLOCK_MONOTONIC, as the addon's. */
function nowMonotonicUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** By how long ago it was: the kernel's log has a clock of its own. Never in the future, whatever was done to the wall clock. */
function monotonicUsOf(time: string): number {
  const agoMs = Date.now() - Date.parse(time);
  return Math.max(0, nowMonotonicUs() - Math.max(0, Math.round(agoMs * 1000)));
}
