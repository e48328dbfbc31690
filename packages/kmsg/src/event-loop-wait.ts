/**
 * Waits for the next turn of the event loop, or for a time, until cancelled. A source reads only in its own turn: a
 * consumer that always finds rows would otherwise live on promises alone and starve timers and sockets.
 */
export class EventLoopWait {
  #cancel: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isRef = true;

  /** Whether a wait for a time keeps the process alive. */
  setRef(isRef: boolean): void {
    this.#isRef = isRef;
    if (isRef) this.#timer?.ref();
    else this.#timer?.unref();
  }

  /** Resolves in the next turn that is at least `delayMs` away; at once when cancelled. One wait at a time. */
  next(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      if (delayMs > 0) {
        const timer = setTimeout(resolve, delayMs);
        this.#timer = timer;
        if (!this.#isRef) timer.unref();
        this.#cancel = () => {
          clearTimeout(timer);
          resolve();
        };
      } else {
        const immediate = setImmediate(resolve);
        this.#cancel = () => {
          clearImmediate(immediate);
          resolve();
        };
      }
    });
  }

  cancel(): void {
    this.#cancel?.();
  }
}
