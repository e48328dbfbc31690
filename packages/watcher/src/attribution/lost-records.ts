import type { WitnessRecord } from '@oomwatcher/kmsg';
import type { Kill } from '@oomwatcher/oom';
import { LastCount, type ReadingState } from './last-count.js';
import { lostKill } from './lost-kill.js';
import { pathOf } from './witnessed.js';

const checkEveryMs = 100;

/** Cgroups whose last kill is known; one that is forgotten leaves no gap. */
const maxCgroups = 1024;

/** Kills that a gap says are missing, and that may still turn out to have their lines. */
const maxMissing = 4096;

/**
 * Finds kills of which neither a record nor a line is left: the kernel counts each in its cgroup, and that number is in the
 * next record of the same cgroup. Looked for only after a loss, by one small file, and reported when the kernel is calm.
 */
export class LostRecords {
  readonly #last = new LastCount();
  readonly #numbers = new Map<bigint, number>();
  /** The cgroups of kills that gaps show. */
  #missing: (string | undefined)[] = [];
  #checkAtMs: number | undefined;

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
    const paths = this.#pathsOf(Math.max(0, account.unaccounted));
    this.#missing = [];
    return paths.map((path, index) => lostKill(bootId, totalSinceBoot - index, path, 'kernel'));
  }

  /** Gaps that lines have filled are not known by name: then only what is the same for all is certain. */
  #pathsOf(lost: number): (string | undefined)[] {
    const paths = new Set(this.#missing);
    if (this.#missing.length === lost) return this.#missing;
    const [only] = paths;
    const certain = paths.size === 1 && this.#missing.length > lost ? only : undefined;
    return new Array<string | undefined>(lost).fill(certain);
  }
}
