/**
 * Work that may take some milliseconds, one piece in each turn of the event loop: between two of them the log is read,
 * kills are recorded, and whoever asks whether the agent is alive gets an answer, however many pages are asked for.
 */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #next: NodeJS.Immediate | undefined;

  add(work: () => void): void {
    this.#waiting.push(work);
    this.#soon();
  }

  #soon(): void {
    this.#next ??= setImmediate(() => {
      this.#next = undefined;
      const work = this.#waiting.shift();
      // Before it: one that fails must not stop the others.
      if (this.#waiting.length > 0) this.#soon();
      work?.();
    });
  }
}
