import { KmsgError } from './errors.js';
import type { Cursor, StoredCursor } from './log-options.js';

/** With what makes it JSON, which no BigInt is: out of sight, so that it compares as what it says. */
export function newCursor(bootId: string, seq: bigint): Cursor {
  const toJSON = () => ({ bootId, seq: String(seq) });
  return Object.defineProperty({ bootId, seq }, 'toJSON', { value: toJSON });
}

/** @throws KmsgError with code `ERR_INVALID_ARG_VALUE` for what is no cursor. */
export function readCursor(stored: StoredCursor): Cursor {
  const { bootId, seq } = (stored ?? {}) as Partial<StoredCursor>;
  const isNumber =
    typeof seq === 'bigint' || Number.isSafeInteger(seq) || /^-?\d+$/.test(String(seq));
  if (typeof bootId !== 'string' || seq === undefined || !isNumber) {
    throw new KmsgError('the option cursor is no cursor', {
      code: 'ERR_INVALID_ARG_VALUE',
      remedy: 'give what watcher.cursor was, or that as JSON: {"bootId": "…", "seq": "1234"}',
    });
  }
  return { bootId, seq: BigInt(seq) };
}
