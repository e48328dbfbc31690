import type { WitnessRecord } from '@oomwatcher/kmsg';
import type { Kill } from '@oomwatcher/oom';
import { LastCount, type ReadingState } from './last-count.js';
import { lostKill } from './lost-kill.js';
import type { CgroupKills } from './oom-counters.js';
import { pathOf } from './witnessed.js';

const checkEveryMs = 100;

/** Cgroups whose last kill is known; one that is forgotten leaves no gap. */
const maxCgroups = 1024;

/** Kills that a gap says are missing, and that may still turn out to have their lines. */
const maxMissing = 4096;

/**
 * Finds kills of which neither a record nor a line is left: the kernel counts each in its cgroup, and that number is in the
 * next record of the same cgroup. A cgroup's last kill leaves no such gap, so after a loss, and only then, the cgroups'
 * counters are read, once, when the kernel is calm.
 */
export class LostRecords {
  readonly #readCounters: () => readonly CgroupKills[];
  readonly #last = new LastCount();
  readonly #numbers = new Map<bigint, number>();
  /** The cgroups of kills that gaps show. */
  #missing: (string | undefined)[] = [];
  /** Kills that a line has told, and no record: each is among the missing ones, and nobody knows which it is. */
  #linesAlone = 0;
  #checkAtMs: number | undefined;

  constructor(readCounters: () => readonly CgroupKills[] = () => []) {
    this.#readCounters = readCounters;
  }

  /** A record was read: what its number leaves out is lost. Returns whether that is so. */
  record(record: WitnessRecord): boolean {
    const { number, numberCgroupId: id, levels, levelsCut } = record;
    if (number === undefined || id === undefined) return false;
    const before = this.#numbers.get(id);
    this.#numbers.delete(id);
    this.#numbers.set(id, number);
    if (this.#numbers.size > maxCgroups) {
      for (const oldest of this.#numbers.keys()) {
        this.#numbers.delete(oldest);
        break;
      }
    }
    const gap = before === undefined ? 0 : Math.max(0, number - before - 1);
    const at = levels?.findIndex((level) => level.id === id) ?? -1;
    const path = at < 0 ? undefined : pathOf(levels?.slice(at), levelsCut);
    const room = Math.min(gap, maxMissing - this.#missing.length);
    this.#missing.push(...new Array<string | undefined>(room).fill(path));
    return gap > 0;
  }

  /** The line of a kill was read of which there is no record. */
  lineAlone(): void {
    this.#linesAlone++;
  }

  /** Something was lost: from now on it is looked for. */
  look(nowMs: number): void {
    this.#checkAtMs ??= nowMs + checkEveryMs;
    this.#last.forget();
  }

  waitMs(nowMs: number): number | undefined {
    return this.#checkAtMs === undefined ? undefined : Math.max(0, this.#checkAtMs - nowMs);
  }

  /** `kernelKills`: by the kernel's count; `unaccounted`: how many of them were not reported. */
  take(
    nowMs: number,
    account: { kernelKills: number; unaccounted: number } | undefined,
    reading: ReadingState,
    bootId: string,
    totalSinceBoot: number,
  ): Kill[] {
    if (this.#checkAtMs === undefined || nowMs < this.#checkAtMs) return [];
    this.#checkAtMs = nowMs + checkEveryMs;
    if (account === undefined) return [];
    if (this.#last.changes(account.kernelKills, nowMs, reading)) return [];
    if (!this.#last.isCalm(nowMs) || !this.#last.hasReadAll(reading)) return [];
    this.#checkAtMs = undefined;
    const paths = account.unaccounted > 0 ? this.#pathsOf(account.unaccounted) : [];
    this.#missing = [];
    this.#linesAlone = 0;
    return paths.map((path, index) => lostKill(bootId, totalSinceBoot - index, path, 'kernel'));
  }

  /** Of each cgroup so many are certainly lost as it misses more kills than lines alone have told of all. */
  #pathsOf(lost: number): (string | undefined)[] {
    const missing = new Map<string, number>();
    for (const path of [...this.#missing, ...this.#missingByCounters()]) {
      if (path !== undefined) missing.set(path, (missing.get(path) ?? 0) + 1);
    }
    const certain = [...missing].flatMap(([path, kills]) =>
      new Array<string>(Math.max(0, kills - this.#linesAlone)).fill(path),
    );
    const paths = certain.length <= lost || missing.size === 1 ? certain.slice(0, lost) : [];
    return [...paths, ...new Array<undefined>(lost - paths.length).fill(undefined)];
  }

  /** What a cgroup has counted since its last record. One without any may have counted all of it before this watch. */
  #missingByCounters(): string[] {
    const missing: string[] = [];
    for (const { id, path, kills } of this.#readCounters()) {
      const told = this.#numbers.get(id);
      if (told === undefined || kills <= told) continue;
      missing.push(...new Array<string>(Math.min(kills - told, maxMissing)).fill(path));
      this.#numbers.set(id, kills);
    }
    return missing;
  }
}
