import type { Death, Incident } from './incident.js';
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
