import { newline } from './bytes.js';

const carriageReturn = 0x0d;

/** Lines that end with a carriage return alone: old Macs, terminals' recordings and some serial consoles write so. */
export function endsWithReturns(sample: Uint8Array): boolean {
  let returns = 0;
  let newlines = 0;
  for (let at = 0; at < sample.length; at++) {
    if (sample[at] === newline) newlines++;
    else if (sample[at] === carriageReturn && !besideReturn(sample, at)) returns++;
  }
  return returns > 1 && returns > 8 * newlines;
}

/** One of several returns before a newline is no line's end. */
function besideReturn(bytes: Uint8Array, at: number): boolean {
  const next = bytes[at + 1];
  return next === newline || next === carriageReturn || bytes[at - 1] === newline;
}

/** Makes newlines of the carriage returns. */
export class ReturnTranslator {
  push(chunk: Uint8Array): Uint8Array {
    return chunk.map((byte) => (byte === carriageReturn ? newline : byte));
  }

  end(): Uint8Array {
    return new Uint8Array(0);
  }
}
