/** A problem that comes and goes is reported so often at most. */
const reportAgainMs = 60_000;

/** Of problems that are over; namespaces come and go. */
const maxReported = 1_000;

export interface Problem {
  about: string;
  sentence: string;
  /** By performance.now(). */
  sinceMs: number;
}

/** Says what is wrong once, and once that it is over, however often it is met. */
export class Problems {
  readonly #report: (sentence: string) => void;
  readonly #conceal: (sentence: string) => string;
  readonly #now: () => number;
  readonly #current = new Map<string, { sentence: string; isReported: boolean; sinceMs: number }>();
  readonly #reportedMs = new Map<string, number>();

  /** @param conceal takes secrets out of what somebody may have answered */
  constructor(
    report: (sentence: string) => void,
    conceal: (sentence: string) => string = (sentence) => sentence,
    now: () => number = () => performance.now(),
  ) {
    this.#report = report;
    this.#conceal = conceal;
    this.#now = now;
  }

  /** @param about what is wrong */
  meet(about: string, said: string): void {
    const sentence = this.#conceal(said);
    const reportedMs = this.#reportedMs.get(about) ?? Number.NEGATIVE_INFINITY;
    const wasReported = this.#current.get(about)?.isReported ?? false;
    // Two problems may have one cause, as a right that is missing.
    const isKnown = [...this.#current.values()].some(
      (other) => other.isReported && other.sentence === sentence,
    );
    const reports = !wasReported && !isKnown && this.#now() - reportedMs >= reportAgainMs;
    const sinceMs = this.#current.get(about)?.sinceMs ?? this.#now();
    this.#current.set(about, { sentence, isReported: wasReported || reports, sinceMs });
    if (!reports) return;
    this.#reportedMs.delete(about);
    this.#reportedMs.set(about, this.#now());
    const [oldest] = this.#reportedMs.keys();
    if (this.#reportedMs.size > maxReported) this.#reportedMs.delete(oldest as string);
    this.#report(sentence);
  }

  /** Those that are not over, the oldest first. */
  get current(): Problem[] {
    return [...this.#current].map(([about, { sentence, sinceMs }]) => ({
      about,
      sentence,
      sinceMs,
    }));
  }

  /** @param sentence reported if the problem was */
  end(about: string, sentence?: string): void {
    const problem = this.#current.get(about);
    this.#current.delete(about);
    if (problem?.isReported && sentence !== undefined) this.#report(sentence);
  }
}
