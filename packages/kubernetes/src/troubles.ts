/** A trouble that comes and goes is told so often at most. */
const tellAgainMs = 60_000;

/** Says what is wrong once, and once that it is over, however often it is met. */
export class Troubles {
  readonly #tell: (sentence: string) => void;
  readonly #conceal: (sentence: string) => string;
  readonly #now: () => number;
  readonly #current = new Map<string, { sentence: string; isTold: boolean }>();
  readonly #toldMs = new Map<string, number>();

  /** @param conceal takes secrets out of what somebody may have answered */
  constructor(
    tell: (sentence: string) => void,
    conceal: (sentence: string) => string = (sentence) => sentence,
    now: () => number = () => performance.now(),
  ) {
    this.#tell = tell;
    this.#conceal = conceal;
    this.#now = now;
  }

  /** @param about what is in trouble; of few different values */
  meet(about: string, said: string): void {
    const sentence = this.#conceal(said);
    const toldMs = this.#toldMs.get(about) ?? Number.NEGATIVE_INFINITY;
    const wasTold = this.#current.get(about)?.isTold ?? false;
    // Two troubles may have one cause, as a right that is missing.
    const isKnown = [...this.#current.values()].some(
      (other) => other.isTold && other.sentence === sentence,
    );
    const tells = !wasTold && !isKnown && this.#now() - toldMs >= tellAgainMs;
    this.#current.set(about, { sentence, isTold: wasTold || tells });
    if (!tells) return;
    this.#toldMs.set(about, this.#now());
    this.#tell(sentence);
  }

  /** What is in trouble now. */
  get current(): string[] {
    return [...this.#current.keys()];
  }

  /** @param sentence told when the trouble was */
  end(about: string, sentence?: string): void {
    const trouble = this.#current.get(about);
    this.#current.delete(about);
    if (trouble?.isTold && sentence !== undefined) this.#tell(sentence);
  }

  /** The sentence of the first trouble that is not over. */
  get first(): string | undefined {
    return this.#current.values().next().value?.sentence;
  }
}
