/** Something has come, for one who may not be waiting yet. */
export class News {
  #hasCome = false;
  #tell: (() => void) | undefined;

  readonly come = (): void => {
    if (this.#tell === undefined) this.#hasCome = true;
    else this.#tell();
    this.#tell = undefined;
  };

  /** Resolves when something has come since the last time. One who waits at a time; the last one is told. */
  async next(): Promise<void> {
    if (!this.#hasCome) {
      await new Promise<void>((resolve) => {
        this.#tell = resolve;
      });
    }
    this.#hasCome = false;
  }
}
