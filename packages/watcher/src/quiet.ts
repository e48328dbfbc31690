/** Whether no row comes for so long, or until there is other news. */
export async function isQuiet(
  next: Promise<unknown>,
  milliseconds: number | undefined,
  news: Promise<void> | undefined,
): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const events = [next.then(() => false)];
  if (milliseconds !== undefined) {
    const timeout = new Promise<true>((resolve) => {
      timer = setTimeout(resolve, milliseconds, true);
    });
    events.push(timeout);
  }
  if (news !== undefined) events.push(news.then(() => true));
  try {
    return await Promise.race(events);
  } finally {
    clearTimeout(timer);
  }
}

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
