/** A line that contains `bytes` is wanted, whoever wrote it. */
export interface Headline {
  /**
   * Printable ASCII without `"` and `\`: it then stands in every format as it is. At least four bytes; the search is as
   * fast as the shortest headline is long, up to about thirteen.
   */
  bytes: string;
  /** When the kernel wrote it: so many lines after it are wanted too, as far as they are the kernel's. Default 0. */
  opens?: number;
  /** A window that is open ends with this one's: what it was opened for is over. */
  closes?: boolean;
}

/** Decides which lines are delivered. */
export class Selection {
  /** undefined: every line is wanted. */
  readonly markers: readonly string[] | undefined;
  readonly #opens: readonly number[];
  readonly #closes: readonly boolean[];
  #windowEnd = 0;

  /** @throws RangeError for bytes that Headline does not allow. */
  constructor(headlines: readonly Headline[] | undefined) {
    for (const { bytes } of headlines ?? []) {
      if (!/^[\x20\x21\x23-\x5b\x5d-\x7e]{4,}$/.test(bytes)) {
        throw new RangeError(`A headline is four or more printable ASCII bytes: ${bytes}`);
      }
    }
    this.markers = headlines?.map((headline) => headline.bytes);
    this.#opens = headlines?.map((headline) => headline.opens ?? 0) ?? [];
    this.#closes = headlines?.map((headline) => headline.closes ?? false) ?? [];
  }

  /** Whether the line of this number lies in a window that a headline opened. */
  inWindow(line: number): boolean {
    return line <= this.#windowEnd;
  }

  /** The kernel's line of this number contains the marker of this index. */
  open(marker: number, line: number): void {
    const end = line + this.#opens[marker]!;
    this.#windowEnd = this.#closes[marker] ? end : Math.max(this.#windowEnd, end);
  }

  /** The same decision for a text that is decoded already. */
  wants(text: string, line: number, ofKernel: boolean): boolean {
    if (this.markers === undefined) return true;
    let wanted = ofKernel && this.inWindow(line);
    this.markers.forEach((marker, index) => {
      if (!text.includes(marker)) return;
      wanted = true;
      if (ofKernel) this.open(index, line);
    });
    return wanted;
  }
}

/** journald writes a message that is not printable UTF-8 as an array of its bytes. */
export function jsonArrayForms(marker: string): string[] {
  const codes = [...marker].map((char) => char.charCodeAt(0));
  return [codes.join(','), codes.join(', ')];
}
