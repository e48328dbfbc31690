/** A part of a secret that is shorter says nothing, and would be found in ordinary words. */
const minPart = 8;

/** Secrets that are remembered: a token from before its rotation may come back as well. */
const max = 24;

/**
 * What the agent proves itself with. A server that repeats the request's headers in its answer, or a library that
 * quotes what it cannot read, must not bring it into a log, the status or the open /readyz.
 */
export class Secrets {
  readonly #known = new Set<string>();
  /** Every part of `minPart` characters of them. */
  #parts = new Set<string>();

  /** @param secret a token, `user:password`, or a header's value without its scheme */
  add(secret: string): void {
    const before = this.#known.size;
    if (secret.length < 4) return;
    for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')])
      this.#known.add(form);
    if (this.#known.size === before) return;
    for (const oldest of this.#known) {
      if (this.#known.size <= max) break;
      this.#known.delete(oldest);
    }
    this.#parts = new Set([...this.#known].flatMap(partsOf));
  }

  /** The text without them, also without the longer parts of one that was cut. */
  conceal(text: string): string {
    let concealed = '';
    for (let at = 0; at < text.length; ) {
      const length = this.#lengthAt(text, at);
      concealed += length === 0 ? text[at] : '<secret>';
      at += length || 1;
    }
    return concealed;
  }

  /** How many characters from there on are of one secret. */
  #lengthAt(text: string, at: number): number {
    let longest = 0;
    for (const secret of this.#known)
      if (secret.length < minPart && text.startsWith(secret, at)) longest = secret.length;
    if (!this.#parts.has(text.slice(at, at + minPart))) return longest;
    for (const secret of this.#known) {
      let length = minPart;
      while (at + length <= text.length && secret.includes(text.slice(at, at + length))) {
        longest = Math.max(longest, length);
        length++;
      }
    }
    return longest;
  }
}

function partsOf(secret: string): string[] {
  const count = Math.max(0, secret.length - minPart + 1);
  return Array.from({ length: count }, (_, at) => secret.slice(at, at + minPart));
}
