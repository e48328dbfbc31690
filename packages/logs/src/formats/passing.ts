import type { WordSearch } from './marker-search.js';

/** How the next bytes of a file may be read, so that those which cannot matter are not pushed. */
export interface PassOver {
  /** Bytes that were pushed and come first in the buffer. */
  carried: Uint8Array;
  readPast: NonNullable<WordSearch['readPast']>;
}

/** A reader of a log that lets bytes be passed over. */
export interface Passing {
  /** Whether `passOver` may ever give something: reading ahead is then the search's affair. */
  readonly mayPass: boolean;
  /** undefined: what comes next has to be pushed. */
  passOver(): PassOver | undefined;
  /** So many bytes were passed over; what is then in the buffer is pushed. */
  passed(bytes: number): void;
  /** Nothing more is read. */
  stopPassing(): void;
}
