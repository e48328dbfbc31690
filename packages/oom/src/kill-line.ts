import { isFromKernel, type OomLine } from './line.js';
import { parseKillLine } from './lines/kill-line.js';

/** Whether the kernel says on this line that it killed. Its counters have counted the kill before it was printed. */
export function isKillLine(line: OomLine): boolean {
  return isFromKernel(line) && parseKillLine(line.text) !== undefined;
}
