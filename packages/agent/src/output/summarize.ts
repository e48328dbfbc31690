import type { Watcher } from '@oomwatcher/watcher';
import { Refusal } from '../refusal.js';
import type { Reporter } from './reporter.js';

/**
 * The counts of a watch, at its end.
 *
 * @throws Refusal for a capture that has no record: whoever replays the log of another tool must not be made to believe that it
 * has no kill.
 */
export function summarizeWatch(
  watcher: Watcher,
  capture: string | undefined,
  reporter: Reporter,
): void {
  const { kills, forged, lost, repeats, read, malformed, notUnderstood, account } = watcher.stats();
  reporter.notice({
    kind: 'summary',
    kills,
    forged,
    lost,
    repeats,
    ...(malformed > 0 && { rejected: malformed }),
    ...(notUnderstood !== undefined && { notUnderstood }),
    ...account,
  });
  if (capture !== undefined && malformed > 0 && malformed === read) {
    throw new Refusal(
      `${capture} is no raw kmsg capture: logs of dmesg, journalctl and syslog daemons are for oomwatcher parse`,
    );
  }
}
