import { type WatchEvent, type Watcher, type WatchOptions, watch } from '@oomwatcher/watcher';
import { RateLimit } from '../output/rate-limit.js';
import { reportEvent } from '../output/report-event.js';
import type { Reporter } from '../output/reporter.js';

const device = '/dev/kmsg';

/** Forged records are all counted; told are as many as the kernel prints of real reports. */
const mostForgedNotices = 10;
const forgedWindowMs = 5000;

/** `oomwatcher watch`: prints kills as they happen, until a signal or the end of the capture; keeps nothing. */
export async function watchCommand(options: WatchOptions, reporter: Reporter): Promise<void> {
  const watcher = watch(options);
  reporter.notice({ kind: 'source', source: watcher.source.kind, reason: watcher.source.reason });
  process.once('SIGINT', watcher.close);
  process.once('SIGTERM', watcher.close);
  process.stdout.once('error', watcher.close);
  const what = options.capture ?? device;
  const forgedNotices = new RateLimit(mostForgedNotices, forgedWindowMs);
  for await (const event of watcher.events()) {
    if (event.kind === 'forged' && !forgedNotices.passes()) continue;
    report(event, what, reporter);
  }
  summarize(watcher, reporter);
}

function report(event: WatchEvent, what: string, reporter: Reporter): void {
  switch (event.kind) {
    case 'loss':
      return reporter.notice({ kind: 'loss', lost: event.lost, fromSeq: Number(event.seq) });
    case 'watching':
      if (what !== device) return;
      return reporter.notice({ kind: 'watching', what, fromSeq: Number(event.seq) + 1 });
    case 'repeat':
      return;
    default:
      return reportEvent(event, reporter);
  }
}

function summarize(watcher: Watcher, reporter: Reporter): void {
  const { kills, forged, lost, repeats, account } = watcher.stats();
  reporter.notice({
    kind: 'summary',
    kills,
    forged,
    lost,
    repeats,
    ...account,
  });
}
