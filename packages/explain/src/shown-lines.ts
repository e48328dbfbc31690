import type { RawReport } from '@oomwatcher/oom';

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
