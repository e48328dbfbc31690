import { parseOomText } from './lines/index.js';

/** Whether the text, a line of the kernel's (latin1, decoded once), is one of its OOM killer's. */
export function understands(text: string): boolean {
  return parseOomText(text) !== undefined;
}
