import type { Kill, RawReport } from '@oomwatcher/oom';

/**
 * The lines of the log that tell of one kill. The kernel prints one report for all kills of a group; it is kept with the
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

/** The lines as they are shown: with a line of ours where some are left out. */
export function shownLines({ lines, leftOut }: RawReport): string[] {
  if (leftOut === undefined) return lines;
  const { count, after } = leftOut;
  return lines.toSpliced(
    after,
    0,
    `... ${count} line${count === 1 ? ' is' : 's are'} left out ...`,
  );
}
