/** Something that is not as it should be, and goes on all the same. */
export interface KmsgWarning {
  /**
   * `OOMWATCHER_PORTABLE`: the addon does not load, and plain JavaScript reads the log. While the event loop is blocked it
   * reads nothing: of 30 kills in a blocked second 11 had their cgroup, by the addon all 30.
   *
   * `OOMWATCHER_LOGGER`: the logger that was given throws.
   */
  code: 'OOMWATCHER_PORTABLE' | 'OOMWATCHER_LOGGER';
  /** One sentence, with the remedy. */
  message: string;
}

/** Who is told: a function of the program's own, or nobody (false). Default: `process.emitWarning`, once a process. */
export type Warn = false | ((warning: KmsgWarning) => void);

const told = new Set<string>();

export function warnBy(warn: Warn | undefined, warning: KmsgWarning): void {
  if (warn === false) return;
  if (warn !== undefined) {
    warn(warning);
  } else if (!told.has(warning.code)) {
    told.add(warning.code);
    process.emitWarning(warning.message, { code: warning.code });
  }
}
