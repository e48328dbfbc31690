import type { Clock } from '../../src/clock.js';

/** A machine's clocks: time passes on both, and only the wall clock is set. */
export class TestClock implements Clock {
  #wallMs: number;
  #monotonicMs = 0;

  constructor(wallMs = Date.parse('2026-11-24T06:00:00Z')) {
    this.#wallMs = wallMs;
  }

  wallMs(): number {
    return this.#wallMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  passes(ms: number): void {
    this.#wallMs += ms;
    this.#monotonicMs += ms;
  }

  /** Somebody sets it, or NTP does. */
  isSet(byMs: number): void {
    this.#wallMs += byMs;
  }
}
