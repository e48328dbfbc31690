import type { OomLine } from './line.js';

/** Lines of one incident follow one another at once; a slow console may put milliseconds between them. */
const mostGapUs = 2_000_000;

/** Whether `line` can be the continuation of what `last` was part of: same printing context, close in time. */
export function isNear(last: OomLine, line: OomLine, mostUs = mostGapUs): boolean {
  return last.caller === line.caller && isCloseInTime(last, line, mostUs);
}

/** A log without timestamps tells nothing against it. */
export function isCloseInTime(last: OomLine, line: OomLine, mostUs = mostGapUs): boolean {
  if (last.timestampUs === undefined || line.timestampUs === undefined) return true;
  return line.timestampUs - last.timestampUs <= mostUs;
}
