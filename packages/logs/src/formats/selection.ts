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
  /** By stream: the number of the last line of its window. */
  readonly #ends = new Map<string, number>();
  #lastEnd = 0;
  /** Every line is looked at, whatever stands before it. */
  wantsAll = false;
  /** The line that a report began with. */
  #openedOn = -1;

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

  /** Whether the line of this number lies in a window that a headline opened: of this stream's, or of anybody's. */
  inWindow(line: number, stream?: string): boolean {
    if (this.wantsAll) return true;
    if (line > this.#lastEnd) return false;
    return stream === undefined || line <= (this.#ends.get(stream) ?? 0);
  }

  /**
   * The line of this number contains the marker of this index. Without a stream nobody knows yet whose it is. `ends`: what
   * follows the marker does not say that it is a name's (see isName).
   */
  open(marker: number, line: number, stream?: string, ends = true): void {
    const own = line + this.#opens[marker]!;
    if (this.#closes[marker] && !ends) return;
    if (stream === undefined)
      this.#endAt(nobody, Math.max(this.#ends.get(nobody) ?? 0, Math.min(own, line + fewLines)));
    else if (this.#closes[marker]) {
      // A process may be called like the words that end a report.
      if (line !== this.#openedOn) this.#endAt(stream, own);
    } else this.#endAt(stream, Math.max(this.#ends.get(stream) ?? 0, own));
    if (this.#opens[marker]! > fewLines) this.#openedOn = line;
    if (this.#ends.size > maxStreams) this.#forget(line);
  }

  #endAt(stream: string, end: number): void {
    this.#ends.set(stream, end);
    this.#lastEnd = end >= this.#lastEnd ? end : Math.max(...this.#ends.values());
  }

  #forget(line: number): void {
    for (const [stream, end] of this.#ends) if (end < line) this.#ends.delete(stream);
    if (this.#ends.size > maxStreams) this.#ends.clear();
  }

  /** The same decision for a text that is decoded already. */
  wants(text: string, line: number, ofKernel: boolean, stream?: string): boolean {
    if (this.markers === undefined) return true;
    let wanted = ofKernel && this.inWindow(line, stream ?? '');
    this.markers.forEach((marker, index) => {
      if (!text.includes(marker)) return;
      wanted = true;
      const next = text.indexOf(marker) + marker.length;
      const ends = !isName(text.charCodeAt(next), text.charCodeAt(next + 1));
      if (ofKernel) this.open(index, line, stream ?? '', ends);
    });
    return wanted;
  }
}

/** Machines whose reports are open at once. */
const maxStreams = 1024;
/** So many lines are looked at for whose the line is that has a headline. */
const fewLines = 64;
/** Stands for the stream of lines that name none. */
const nobody = '';

/** `Killed process` is followed by a number; a process can be called so, and is then in any line of its report. */
export function isName(next: number, afterIt: number): boolean {
  const at = next === 0x20 ? afterIt : next;
  const isDigit = at >= 0x30 && at <= 0x39;
  const isLetter = (at | 0x20) >= 0x61 && (at | 0x20) <= 0x7a;
  return !isDigit && !(isLetter && next !== 0x20);
}

/** journald writes a message that is not printable UTF-8 as an array of its bytes. */
export function jsonArrayForms(marker: string): string[] {
  const codes = [...marker].map((char) => char.charCodeAt(0));
  return [codes.join(','), codes.join(', ')];
}
