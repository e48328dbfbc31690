/** What a reader met, for the account of it: nothing that is not delivered goes uncounted. */
export interface LogStats {
  /** Bytes given to the reader. */
  bytes: number;
  /** Lines delivered that the kernel wrote, as far as the format says. */
  kernelLines: number;
  /** Lines delivered that others wrote. */
  otherLines: number;
  /** Lines that were wanted (that contain a headline, when there are any) and are of no known format. */
  rejected: number;
  /**
   * Of those, and of the kernel's lines that were delivered, the ones in the OOM killer's own words from which nothing
   * could be read; counted by CapturedLog, too.
   */
  notUnderstood: number;
  /** Where the first of them begins, in bytes; in a raw kmsg log its sequence number. */
  notUnderstoodAt?: number;
  /** Lines and values delivered that were longer than 64 KiB and are cut. */
  truncated: number;
  /** Lines of the kernel whose text the tool left out: `[120B blob data]` of journalctl without --all. */
  withheld: number;
  /** Raw kmsg: records missing, from gaps in the sequence numbers. */
  lost: number;
}

export function emptyStats(): LogStats {
  return {
    bytes: 0,
    kernelLines: 0,
    otherLines: 0,
    rejected: 0,
    notUnderstood: 0,
    truncated: 0,
    withheld: 0,
    lost: 0,
  };
}
