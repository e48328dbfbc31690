/**
 * The kernel cuts a path that does not fit into one record, without a mark, and what is left is another cgroup's path.
 * Captured: 989 bytes on 5.10 and 6.1, 1021 on 6.12 to 7.3 (LOG_LINE_MAX and PRINTKRB_RECORD_MAX less the level's two);
 * CONFIG_PRINTK_CALLER takes 16 more from kernels 5.1 to 6.2.
 */
const shortestCutPath = 973;

/** A whole cgroup path. `(name too long)` and `(error)` stand where the kernel could not print one. */
export function isPath(text: string): boolean {
  return text.charCodeAt(0) === 0x2f && text.length < shortestCutPath;
}

/** Whether `path` is `ancestor` or below it. */
export function isWithin(path: string, ancestor: string): boolean {
  if (ancestor === '/') return true;
  if (!path.startsWith(ancestor)) return false;
  return path.length === ancestor.length || path.charCodeAt(ancestor.length) === 0x2f;
}

/** More separators than this in one line are somebody's joke; such a line is not understood rather than half. */
const maxSplits = 100;

/** Both sides of every occurrence of the separator, for a cgroup's name may contain it; none past `maxSplits`. */
export function splitAt(text: string, separator: string): [string, string][] {
  const splits: [string, string][] = [];
  for (let at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, at + 1)) {
    if (splits.length === maxSplits) return [];
    splits.push([text.slice(0, at), text.slice(at + separator.length)]);
  }
  return splits;
}

/** Whether a piece of a line is a path, or what stands where the kernel could not print one. */
export function isPathPiece(next: string): boolean {
  return next.startsWith('/') || next.startsWith('(name too long)') || next.startsWith('(error)');
}
