/** A problem that comes and goes is told so often at most. */
const tellAgainMs = 60_000;

/** Of problems that are over; namespaces come and go. */
const maxTold = 1_000;

export interface Problem {
  about: string;
  sentence: string;
  /** By performance.now(). */
  sinceMs: number;
}

/** Says what is wrong once, and once that it is over, however often it is met. */
export class Problems {
  readonly #tell: (sentence: string) => void;
  readonly #conceal: (sentence: string) => string;
  readonly #now: () => number;
  readonly #current = new Map<string, { sentence: string; isTold: boolean; sinceMs: number }>();
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

  /** @param about what is wrong */
  meet(about: string, said: string): void {
    const sentence = this.#conceal(said);
    const toldMs = this.#toldMs.get(about) ?? Number.NEGATIVE_INFINITY;
    const wasTold = this.#current.get(about)?.isTold ?? false;
    // Two problems may have one cause, as a right that is missing.
    const isKnown = [...this.#current.values()].some(
      (other) => other.isTold && other.sentence === sentence,
    );
    const tells = !wasTold && !isKnown && this.#now() - toldMs >= tellAgainMs;
    const sinceMs = this.#current.get(about)?.sinceMs ?? this.#now();
    this.#current.set(about, { sentence, isTold: wasTold || tells, sinceMs });
    if (!tells) return;
    this.#toldMs.delete(about);
    this.#toldMs.set(about, this.#now());
    const [oldest] = this.#toldMs.keys();
    if (this.#toldMs.size > maxTold) this.#toldMs.delete(oldest as string);
    this.#tell(sentence);
  }

  /** Those that are not over, the oldest first. */
  get current(): Problem[] {
    return [...this.#current].map(([about, { sentence, sinceMs }]) => ({
      about,
      sentence,
      sinceMs,
    }));
  }

  /** @param sentence told when the problem was */
  end(about: string, sentence?: string): void {
    const problem = this.#current.get(about);
    this.#current.delete(about);
    if (problem?.isTold && sentence !== undefined) this.#tell(sentence);
  }
}
