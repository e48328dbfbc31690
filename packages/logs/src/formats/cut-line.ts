import type { LogLine } from './log-line.js';

/** A line as it was cut out of the log. */
export interface CutLine {
  /** What was read; of a line of unknown form the text is the whole line. */
  line: LogLine;
  /** `exact`: of a known form. `bare`: of none, in a log that has none. `unknown`: of none, in a log that has one. */
  form: 'exact' | 'bare' | 'unknown';
  /** Where it begins in the log. */
  at: number;
  /** Bytes of the line, without what ends it. */
  length: number;
  /** Where the next line begins. */
  next: number;
  /** It has one of the words that were asked for. */
  hasHeadline: boolean;
  /** The line before it, where it was not asked for and may have begun this one. */
  before?: LogLine;
}
