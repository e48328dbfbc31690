/**
 * Byte strings looked for in the text of every record, in one pass and without making a string of it. Uint8Array has
 * no search for more than one byte, and Buffer's would run on past the text into what the arena held before.
 */
export class Markers {
  /** By their first byte: most texts begin with that of none. */
  readonly #startingWith: ReadonlyMap<number, readonly Uint8Array[]>;
  readonly #anywhere: readonly Uint8Array[];
  /** 1 for a byte that begins one of them: most bytes of a text begin none. */
  readonly #begins = new Uint8Array(256);

  constructor(start: readonly string[], anywhere: readonly string[]) {
    this.#startingWith = Map.groupBy(start.map(latin1Bytes), (marker) => marker[0]!);
    this.#anywhere = anywhere.map(latin1Bytes);
    for (const marker of this.#anywhere) this.#begins[marker[0]!] = 1;
  }

  /** Whether one of the markers is in `bytes` between `start` and `end`. */
  matches(bytes: Uint8Array, start: number, end: number): boolean {
    const likely = start < end ? this.#startingWith.get(bytes[start]!) : undefined;
    if (likely !== undefined) {
      for (const marker of likely) if (hasAt(bytes, start, end, marker)) return true;
    }
    if (this.#anywhere.length === 0) return false;
    for (let at = start; at < end; at++) {
      if (this.#begins[bytes[at]!] === 1 && this.#anyAt(bytes, at, end)) return true;
    }
    return false;
  }

  #anyAt(bytes: Uint8Array, at: number, end: number): boolean {
    for (const marker of this.#anywhere) {
      if (hasAt(bytes, at, end, marker)) return true;
    }
    return false;
  }
}

/** A rule's bytes. An empty marker would be in every record and is surely a mistake. */
export function latin1Bytes(marker: string): Uint8Array {
  const bytes = Buffer.from(marker, 'latin1');
  if (marker === '' || bytes.toString('latin1') !== marker) {
    throw new TypeError(`a marker must be latin1 and not empty: ${JSON.stringify(marker)}`);
  }
  return bytes;
}

export function hasAt(bytes: Uint8Array, at: number, end: number, marker: Uint8Array): boolean {
  if (end - at < marker.length) return false;
  for (let i = 0; i < marker.length; i++) {
    if (bytes[at + i] !== marker[i]) return false;
  }
  return true;
}
