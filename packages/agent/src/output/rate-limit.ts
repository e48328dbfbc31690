/** Lets so many through in a stretch of time: whoever may write the log can make notices without end. */
export class RateLimit {
  readonly #max: number;
  readonly #windowMs: number;
  #windowStartMs = Number.NEGATIVE_INFINITY;
  #passed = 0;

  constructor(max: number, windowMs: number) {
    this.#max = max;
    this.#windowMs = windowMs;
  }

  passes(nowMs = performance.now()): boolean {
    if (nowMs - this.#windowStartMs >= this.#windowMs) {
      this.#windowStartMs = nowMs;
      this.#passed = 0;
    }
    return this.#passed++ < this.#max;
  }
}
