import type { KeepFilter } from './addon-types.js';
import { Markers } from './markers.js';

const wholeRecord = 0x2d;

/** Decides which records are handed over; the meaning of a rule is written at KeepFilter (native/index.d.ts). */
export class RecordFilter {
  readonly #keepAll: boolean;
  readonly #keepFragments: boolean;
  readonly #ofKernel: Markers;
  readonly #ofOthers: Markers;

  constructor(filter: KeepFilter) {
    this.#keepAll = filter.rules.length === 0;
    this.#keepFragments = filter.fragments;
    this.#ofKernel = markers(filter.rules);
    this.#ofOthers = markers(filter.rules.filter((rule) => rule.facility === 'any'));
  }

  /** `start` and `end`: the text within `bytes`. */
  keeps(bytes: Uint8Array, start: number, end: number, priority: number, flag: number): boolean {
    if (this.#keepAll) return true;
    if (!isKernel(priority)) return this.#ofOthers.matches(bytes, start, end);
    if (this.#keepFragments && flag !== wholeRecord && flag !== 0) return true;
    return this.#ofKernel.matches(bytes, start, end);
  }
}

/** User space cannot write with facility 0 (kernel 4.4 and later): such a record is the kernel's own. */
export function isKernel(priority: number): boolean {
  return priority >> 3 === 0;
}

function markers(rules: KeepFilter['rules']): Markers {
  const at = (place: string) => rules.filter((rule) => rule.at === place).map((rule) => rule.bytes);
  return new Markers(at('start'), at('anywhere'));
}
