/** Says what is wrong once, and once that it is over, however often it is met. */
export class Troubles {
  readonly #tell: (sentence: string) => void;
  readonly #current = new Map<string, string>();

  constructor(tell: (sentence: string) => void) {
    this.#tell = tell;
  }

  /** @param about what is in trouble; of few different values */
  meet(about: string, sentence: string): void {
    const isNew = !this.#current.has(about);
    this.#current.set(about, sentence);
    if (isNew) this.#tell(sentence);
  }

  /** @param sentence told when there was a trouble */
  end(about: string, sentence?: string): void {
    if (this.#current.delete(about) && sentence !== undefined) this.#tell(sentence);
  }

  /** The sentence of the first trouble that is not over. */
  get first(): string | undefined {
    return this.#current.values().next().value;
  }
}
