/** Counts one line more; `at`: where it begins, if that is known. */
export function countNotUnderstood(
  stats: { notUnderstood: number; notUnderstoodAt?: number },
  at: number | undefined,
): void {
  stats.notUnderstood++;
  if (at === undefined) return;
  if (stats.notUnderstoodAt === undefined || at < stats.notUnderstoodAt) stats.notUnderstoodAt = at;
}
