import { families } from './lines/index.js';
import { captureHeadlinesOf, keepFilterOf, type SnapshotRule } from './lines/keep-filter.js';

/** The records of the live log that the machine wants. */
export const keepFilter = keepFilterOf(families);

/** Reads these files of a process' folder in /proc the moment its kill line is read: see Witness. */
export function snapshotRules(files: Pick<SnapshotRule, 'files' | 'slowFiles'>): SnapshotRule[] {
  return [{ marker: 'Killed process ', folder: '/proc/%', ...files }];
}

/**
 * The same for a captured log, whose lines come in any format: words to look for anywhere in it, and after how many
 * further lines of the kernel a report is certainly over. The search is the faster the longer the shortest of them is.
 */
export const captureHeadlines = captureHeadlinesOf(families);
