import type { Watcher } from '@oomwatcher/watcher';
import type { Reporter } from './reporter.js';

/** One line on whether the kernel itself reports kills, where that was asked for. */
export function reportWitness({ witness }: Watcher, reporter: Reporter): void {
  if (witness === undefined) return;
  const { live, reason } = witness;
  reporter.notice({ kind: 'witness', live, reason });
}
