import type { Kill } from './kill.js';
import type { RawReport } from './raw-lines.js';

/**
 * The lines of the log that report one kill. The kernel prints one report for all kills of a group; it is kept with the
 * first of them, and the others have their own line behind it.
 *
 * @param read what is kept of the kill with this id
 */
export function wholeReport(
  { id, group }: Kill,
  read: (id: string) => RawReport | undefined,
): RawReport | undefined {
  const own = read(id);
  const first = group === undefined || group.id === id ? undefined : read(group.id);
  if (own === undefined || first === undefined) return own;
  return { ...first, lines: [...first.lines, ...own.lines] };
}
