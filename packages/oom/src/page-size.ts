import type { KillLine } from './lines/kill-line.js';
import { pageSizesKiB } from './lines/page-size.js';
import type { Report } from './report.js';

/** Fewer pages say nothing: another thread maps a few between the table and the kill line. */
const fewestPages = 16;

/**
 * The page size of the node that printed the report, which need not be the one that reads it: the table counts in pages
 * what other lines give in kB. undefined: nothing shows it.
 */
export function pageSizeOf(report: Report, kill: KillLine): number | undefined {
  if (report.pageSizeKiB !== undefined) return report.pageSizeKiB;
  const row = report.tasks?.row(kill.pid);
  if (row === undefined) return undefined;
  const { totalVmKiB, anonRssKiB, fileRssKiB, shmemRssKiB } = kill;
  const residentKiB =
    anonRssKiB === undefined || fileRssKiB === undefined
      ? undefined
      : anonRssKiB + fileRssKiB + (shmemRssKiB ?? 0);
  return sizeBetween(totalVmKiB, row.totalVmPages) ?? sizeBetween(residentKiB, row.rssPages);
}

/** The sizes are powers of two, so that what is in between is nobody's. */
function sizeBetween(kiB: number | undefined, pages: number): number | undefined {
  if (kiB === undefined || pages < fewestPages) return undefined;
  return pageSizesKiB.find((size) => kiB >= pages * size * 0.8 && kiB <= pages * size * 1.25);
}
