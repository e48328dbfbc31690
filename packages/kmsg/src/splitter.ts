const comma = 0x2c;
const newline = 0x0a;
const semicolon = 0x3b;
const two32 = 2 ** 32;

/** Facility is an 8-bit number and level a 3-bit one: nothing larger comes from a kernel. */
const maxPriority = 2047;

/**
 * Splits one record, as read(2) gave it, into its prefix and its text:
 * `priority,seq,timestamp,flag[,key=value…];text\n` and then ` KEY=value\n` lines.
 *
 * One splitter serves all records of a source: the fields are those of the last record, so that a record nobody wants
 * costs no object. Numbers are 64 bits wide in the kernel; a sequence number is kept in two halves because a double
 * ends at 2^53 and a BigInt would be an allocation for each record.
 */
export class RecordSplitter {
  priority = 0;
  seqHigh = 0;
  seqLow = 0;
  timestampUs = 0;
  /** The flag's byte; 0 where its field is empty. */
  flag = 0;
  textStart = 0;
  textEnd = 0;

  #high = 0;
  #low = 0;

  /** False: this is no record, and the fields mean nothing. */
  split(bytes: Uint8Array, start: number, end: number): boolean {
    let at = this.#number(bytes, start, end);
    if (bytes[at] !== comma || this.#high !== 0 || this.#low > maxPriority) return false;
    this.priority = this.#low;

    at = this.#number(bytes, at + 1, end);
    if (bytes[at] !== comma) return false;
    this.seqHigh = this.#high;
    this.seqLow = this.#low;

    at = this.#number(bytes, at + 1, end);
    if (bytes[at] !== comma) return false;
    this.timestampUs = this.#high * two32 + this.#low;

    const separator = prefixEnd(bytes, at + 1, end);
    if (separator === -1) return false;
    const flag = bytes[at + 1]!;
    this.flag = flag === comma || flag === semicolon ? 0 : flag;

    this.textStart = separator + 1;
    const lineEnd = bytes.indexOf(newline, this.textStart);
    // The kernel cuts at 2048 bytes and then the final newline can be missing: the record's end ends the text.
    this.textEnd = lineEnd === -1 || lineEnd > end ? end : lineEnd;
    return true;
  }

  /** Reads an unsigned 64-bit decimal; returns the position after it, -1 when there is none before `end`. */
  #number(bytes: Uint8Array, start: number, end: number): number {
    let high = 0;
    let low = 0;
    let at = start;
    for (; at < end; at++) {
      const digit = bytes[at]! - 0x30;
      if (digit < 0 || digit > 9) break;
      low = low * 10 + digit;
      if (high !== 0 || low >= two32) {
        const carry = Math.floor(low / two32);
        low -= carry * two32;
        high = high * 10 + carry;
        if (high >= two32) return -1;
      }
    }
    this.#high = high;
    this.#low = low;
    return at === start || at === end ? -1 : at;
  }
}

/** The first `;`: no prefix field holds one, while the text may. */
function prefixEnd(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    if (bytes[at] === semicolon) return at;
    if (bytes[at] === newline) return -1;
  }
  return -1;
}
