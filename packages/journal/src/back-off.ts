/** Longer and longer pauses, each by chance between half of itself and the whole: nodes must not come in step. */
export class BackOff {
  readonly #firstMs: number;
  readonly #maxMs: number;
  #failures = 0;

  constructor(firstMs: number, maxMs: number) {
    this.#firstMs = firstMs;
    this.#maxMs = maxMs;
  }

  /** How long to wait after one more failure. */
  next(): number {
    const pauseMs = Math.min(this.#maxMs, this.#firstMs * 2 ** Math.min(this.#failures++, 30));
    return pauseMs * (0.5 + Math.random() / 2);
  }

  reset(): void {
    this.#failures = 0;
  }
}
