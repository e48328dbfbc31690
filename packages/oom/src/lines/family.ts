/**
 * One family of the lines that the kernel prints about its OOM killer: all that the readers of a log and the machine
 * have to know of it. What is derived from these entries: `parseOomText`, the keep-filter of the live log, the words that
 * a captured log is searched for, the joining of pieces, and which lines count as forged.
 */
export interface LineFamily<Line extends { type: string } = { type: string }> {
  type: Line['type'];
  /** Understands a line (latin1, decoded once). undefined: not of this family. */
  parse(text: string): Line | undefined;
  /** What every line of the family begins with. Absent: the name of a process. */
  begins?: readonly string[];
  /** Words in the middle that show the family where its lines begin with a name. */
  contains?: string;
  /**
   * Whose lines the readers of the live log hand over. `headline`: everybody's, so that a forgery is seen. `detail`: the
   * kernel's alone, for the line means something only beside a headline. `captured`: nobody's, the live log does without.
   */
  rank: 'headline' | 'detail' | 'captured';
  /** The words that it is found by in a captured log. Absent: it is found in the window that a headline opens. */
  found?: readonly FoundBy[];
  /** Whether such a line counts as forged when user space wrote it. */
  forgeable: boolean;
  /** Printed by another thread whenever it comes to it, also in the middle of a report. */
  beside?: true;
  /** How it comes in several records. */
  pieces?: Pieces;
  /** One as a kernel printed it. */
  sample: string;
}

/** Words anywhere in a line of a captured log, of any format. */
export interface FoundBy {
  bytes: string;
  /** So many lines of the kernel after it are wanted too. */
  opens?: number;
  /** A window that is open ends with this one's. */
  closes?: boolean;
}

/** A line that is printed by several calls, each of which may start a record of its own. */
export interface Pieces {
  /** Whether the record can be the first of several. Default: it begins as the family does. */
  isHead?(text: string): boolean;
  /** Whether the text could be a whole line. */
  isWhole(text: string): boolean;
  /** Whether `next` can follow `text`: `strictly` when nothing but the words shows that it is a continuation. */
  continues(text: string, next: string, strictly: boolean): boolean;
  /** Whether `next` belongs to `text` though that could be a whole line: a terminal wrapped it. */
  isRest?(text: string, next: string): boolean;
  /** Whether a path must come next. */
  expectsPath?(text: string): boolean;
  /** What the pieces begin with. Kernels up to 4.8 and netconsole store them without the fragment flag. */
  begins: readonly string[];
}
