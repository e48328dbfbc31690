import type { Death, Incident } from './incident.js';
import type { Kill } from './kill.js';
import type { OomLine } from './line.js';
import { isNear } from './near.js';
import { printed, RawLines, type RawReport } from './raw-lines.js';
import type { Report } from './report.js';

/** Takes the line into the open report, whether anything in it is understood or not. */
export function collect(report: Report | undefined, line: OomLine, text: string): void {
  if (report === undefined || !isNear(report.last, line)) return;
  report.raw ??= new RawLines();
  for (const part of memoryStatistics.test(text) ? text.split('\n') : [text]) {
    report.raw.add(line, part);
  }
}

/** A cgroup's statistics, which kernels before 6.5 print as one record of many lines; any other newline is a name's. */
const memoryStatistics = /^(?:\w+ \d+\n)+\w* ?\d*$/;

/** What one death was read from: its own line; the first of an incident from the report, too, if one was printed. */
export function rawReport({ report, deaths: [first] }: Incident, death: Death): RawReport {
  const before = death === first ? report?.raw?.report : undefined;
  const own = death.hasNoLine ? [] : [printed({ line: death.line, text: death.line.text })];
  return { ...before, lines: [...(before?.lines ?? []), ...own] };
}

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
