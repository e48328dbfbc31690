/** Waits that end early: when there is something to do, or when everything ends. */
export class Pause {
  #wake = Promise.withResolvers<void>();
  #woken = false;

  /** Ends the wait that is on, or else the next one at once. */
  wake(): void {
    this.#woken = true;
    this.#wake.resolve();
  }

  /** Until `ms` have passed (undefined: without end) or somebody wakes it or aborts. */
  async wait(ms: number | undefined, signal: AbortSignal): Promise<void> {
    if (!this.#woken && !signal.aborted) await this.#either(ms, signal);
    if (!this.#woken) return;
    this.#woken = false;
    this.#wake = Promise.withResolvers();
  }

  async #either(ms: number | undefined, signal: AbortSignal): Promise<void> {
    const over = Promise.withResolvers<void>();
    // A timer of more than 2^31 ms would fire at once.
    const timer =
      ms === undefined ? undefined : setTimeout(over.resolve, Math.min(ms, 2 ** 31 - 1));
    const aborted = () => over.resolve();
    signal.addEventListener('abort', aborted);
    await Promise.race([this.#wake.promise, over.promise]);
    clearTimeout(timer);
    signal.removeEventListener('abort', aborted);
  }
}
