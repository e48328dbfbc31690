// What a reader of the log is asked for, as data: it knows no wording. The same shapes as the native reader's own.

/** Which records are kept: those for which one of the rules holds. Byte strings are latin1, as the kernel escaped them. */
export interface KeepFilter {
  rules: KeepRule[];
  /** Keep every fragment of a line (flag other than `-`) that the kernel printed. */
  fragments: boolean;
}

export interface KeepRule {
  bytes: string;
  /** `start`: the text begins with the bytes; `anywhere`: it contains them. */
  at: 'start' | 'anywhere';
  /** `kernel`: only records of facility 0; `any`: all. */
  facility: 'kernel' | 'any';
}

/** In a kept record of the kernel, `marker` and a number n: `files` of `folder` are read at once, `%` in it standing for n. */
export interface SnapshotRule {
  marker: string;
  folder: string;
  files: string[];
  /** Files whose reading may wait for a lock: read by a thread of their own. */
  slowFiles?: string[];
}
