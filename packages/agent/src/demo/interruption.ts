import { endSignals } from '../runtime/end-signals.js';

/** Turns the signals that would end the process at once into one that a command can clean up after. */
export class Interruption implements Disposable {
  readonly #controller = new AbortController();
  // A second signal must not end the cleaning up, which is short.
  readonly #interrupt = () => this.#controller.abort();

  constructor() {
    for (const name of endSignals) process.on(name, this.#interrupt);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    for (const name of endSignals) process.off(name, this.#interrupt);
  }
}
