import type { Watcher } from '@oomwatcher/watcher';
import type { Reporter } from './reporter.js';

/** The counts of a watch, at its end. */
export function summarizeWatch(watcher: Watcher, reporter: Reporter): void {
  const { kills, forged, lost, repeats, account } = watcher.stats();
  reporter.notice({ kind: 'summary', kills, forged, lost, repeats, ...account });
}
