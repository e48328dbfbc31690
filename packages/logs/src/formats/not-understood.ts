/** Words that only the OOM killer's reports have: who writes of memory otherwise does not write them so. */
const ownWords =
  /invoked oom-killer|oom-kill:constraint=|Kill(?:ed)? process \d+[ ,]|killed as a result of limit of|memory\.oom\.group set/;

/** The beginning of a line that the kernel printed in pieces: the rest may follow. */
const beginning = /^(?:oom-kill:constraint=(?!.*,task=)|Tasks? in )|nodemask=[^ ]*$/;

/** Whether a line that nothing was read from should have been. */
export function hasOwnWords(text: string): boolean {
  return ownWords.test(text) && !beginning.test(text);
}

/** Counts one line more; `at`: where it begins, if that is known. */
export function countNotUnderstood(
  stats: { notUnderstood: number; notUnderstoodAt?: number },
  at: number | undefined,
): void {
  stats.notUnderstood++;
  if (at === undefined) return;
  if (stats.notUnderstoodAt === undefined || at < stats.notUnderstoodAt) stats.notUnderstoodAt = at;
}
