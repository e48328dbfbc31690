import { trimMemory } from '@oomwatcher/kmsg';

/** What has come to be held since is worth the pause from so many bytes on. */
const worthBytes = 4 * 1024 ** 2;

/** Whoever asks the page for something each second is not to be paused for oftener. */
const leastMs = 5 * 60_000;

/**
 * Gives back what the start and storms leave: V8 keeps its heap as large as it was, and malloc its arenas, so that an agent
 * that had read the log at its start held a quarter more for as long as nothing happened (28 MiB of its own, 21 after it).
 * Only when there is nothing to do: it takes 30 to 60 ms.
 */
export class IdleMemory {
  readonly #trim: () => boolean;
  readonly #residentBytes: () => number;
  readonly #nowMs: () => number;
  #last: { atMs: number; residentBytes: number } | undefined;

  constructor({
    trim = trimMemory,
    residentBytes = process.memoryUsage.rss,
    nowMs = () => performance.now(),
  } = {}) {
    this.#trim = trim;
    this.#residentBytes = residentBytes;
    this.#nowMs = nowMs;
  }

  /** Called now and then while nothing happens. */
  readonly giveBack = (): void => {
    const last = this.#last;
    if (last !== undefined) {
      if (this.#nowMs() - last.atMs < leastMs) return;
      if (this.#residentBytes() - last.residentBytes < worthBytes) return;
    }
    this.#trim();
    this.#last = { atMs: this.#nowMs(), residentBytes: this.#residentBytes() };
  };
}
