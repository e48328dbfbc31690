import type { RawReport } from '@oomwatcher/oom';
import { english, type Words } from './english.js';

/** The lines as they are shown: with a line of ours where some are left out. */
export function shownLines({ lines, leftOut }: RawReport, words: Words = english): string[] {
  if (leftOut === undefined) return lines;
  const { count, after } = leftOut;
  return lines.toSpliced(after, 0, words.leftOut(count));
}
