/**
 * One line of the kernel's log as its readers understand it, whatever it was read from.
 * Text is latin1: one character a byte, the kernel's `\xNN` decoded exactly once.
 */
export interface KernelLine {
  /** The record's sequence number; in a log that has none, where the line begins in it. Ascending. */
  seq: bigint;
  /** Microseconds of the printk clock since boot; absent where the log has none. */
  timestampUs?: number;
  /**
   * The date that a captured log's line bears, as a clock: microseconds of an epoch of its own (its year and its zone may
   * be unknown), to be compared within one machine's log only. Often it is when the line was written down, later than
   * the kernel printed it.
   */
  dateUs?: number;
  /** How fine `dateUs` is: 1,000,000 where the date ends with its seconds. */
  dateStepUs?: number;
  /** What `dateUs` lacks of a time of the world: its zone, or its year too. Absent: nothing, or the month is not known. */
  dateLacks?: 'zone' | 'year';
  /** Facility * 8 + level; absent where the log has none. Facility 0 is the kernel. */
  priority?: number;
  /** `-` whole, `c` or `+` fragment of a line; absent where the log has none. */
  flag?: string;
  /** `T<tid>` or `C<cpu>`, the printing context (CONFIG_PRINTK_CALLER); absent where the log has none. */
  caller?: string;
  text: string;
}
