import { setTimeout as sleep } from 'node:timers/promises';
import type { Sink } from '@oomwatcher/journal';
import type { Reporter } from '../output/reporter.js';

const pollMs = 100;
const deadlineMs = 30_000;

/**
 * Waits until every sink has delivered what is in the journal: a captured log is over in a moment, and its kills would
 * otherwise wait for the next run. At most half a minute; what is left is said.
 */
export async function untilDelivered(
  sinks: readonly Sink[],
  reporter: Reporter,
  signal: AbortSignal,
): Promise<void> {
  const untilMs = performance.now() + deadlineMs;
  const behind = () => sinks.filter((sink) => sink.health().lag > 0);
  while (behind().length > 0 && performance.now() < untilMs && !signal.aborted) {
    await sleep(pollMs, undefined, { signal }).catch(() => {});
  }
  for (const sink of behind()) {
    const { lag, reason } = sink.health();
    reporter.notice({
      kind: 'undelivered',
      sink: sink.name,
      kills: lag,
      ...(reason !== undefined && { reason }),
    });
  }
}
