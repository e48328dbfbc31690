import { type WatchOptions, watch } from '@oomwatcher/watcher';
import { EventTeller } from '../output/event-teller.js';
import type { Reporter } from '../output/reporter.js';
import { summarizeWatch } from '../output/summarize.js';

/** What can be watched from a command line: a capture is a file. */
export type WatchFlags = Omit<WatchOptions, 'capture'> & { capture?: string };

/** `oomwatcher watch`: prints kills as they happen, until a signal or the end of the capture; keeps nothing. */
export async function watchCommand(options: WatchFlags, reporter: Reporter): Promise<void> {
  const watcher = watch(options);
  reporter.notice({ kind: 'source', source: watcher.source.kind, reason: watcher.source.reason });
  process.once('SIGINT', watcher.close);
  process.once('SIGTERM', watcher.close);
  process.stdout.once('error', watcher.close);
  const teller = new EventTeller(reporter, options.capture);
  for await (const event of watcher.events()) teller.tell(event);
  summarizeWatch(watcher, reporter);
}
