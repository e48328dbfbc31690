import { readKernelKills } from '../node/kernel-kills.js';
import type { Account } from './account.js';

/** A kill that was counted before the zero may be told after it: a zero counts only when none came for so long after it. */
const settleMs = 250;

/**
 * The kernel's count of kills of the whole node beside what was told since. One small file is read, whatever the number of
 * cgroups.
 */
export class KernelCount {
  readonly #read: () => number | undefined;
  #base: number | undefined;
  #told = 0;
  #zeroMs = 0;
  #isSettled = false;

  constructor(read: () => number | undefined = readKernelKills) {
    this.#read = read;
  }

  /** From now on: what the kernel has counted before is not this watch's. */
  begin(): void {
    this.#base = this.#read();
    this.#told = 0;
    this.#zeroMs = performance.now();
    this.#isSettled = false;
  }

  /** So many kills were told, which the kernel has counted. */
  counted(kills: number): void {
    if (!this.#isCalm) this.begin();
    else this.#told += kills;
  }

  /** undefined: kills have come all the while since the beginning, or the kernel does not count. */
  account(): Account | undefined {
    const total = this.#isCalm ? this.#read() : undefined;
    if (total === undefined || this.#base === undefined) return undefined;
    const kernelKills = total - this.#base;
    return { kernelKills, unaccounted: kernelKills - this.#told };
  }

  /** So many kills are certainly lost: they have been told as such. */
  lost(kills: number): void {
    this.#told += kills;
  }

  get #isCalm(): boolean {
    this.#isSettled ||= performance.now() - this.#zeroMs > settleMs;
    return this.#isSettled;
  }
}
