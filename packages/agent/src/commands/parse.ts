import type { Reporter } from '../output/reporter.js';
import { watchCommand } from './watch.js';

/** `oomwatcher parse`: the kills of captured logs, one file after another. */
export async function parseCommand(files: readonly string[], reporter: Reporter): Promise<void> {
  for (const file of files) {
    await watchCommand({ capture: file === '-' ? '/dev/stdin' : file }, reporter);
  }
}
