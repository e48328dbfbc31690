import { watch } from '@oomwatcher/watcher';
import { EventReporter, reportWitness } from '../../output/event-reporter.js';
import type { Reporter } from '../../output/reporter.js';
import { standardOutput } from '../../output/standard-output.js';
import { summarizeWatch } from '../../output/summarize.js';
import type { AgentOptions } from '../../runtime/agent.js';
import { endSignals } from '../../runtime/end-signals.js';
import { boundHeap } from '../../runtime/heap.js';
import { RunUps } from '../../runtime/run-ups.js';
import { watchEvents } from '../../runtime/watch-events.js';

/** `oomwatcher watch`: prints kills as they happen, until a signal or the end of the capture; keeps nothing. */
export async function watchCommand(
  { recordsRunUps, ...options }: AgentOptions['watch'] & Pick<AgentOptions, 'recordsRunUps'>,
  reporter: Reporter,
): Promise<void> {
  boundHeap('kills that come now are not reported');
  const watcher = watch({ ...options, warn: false });
  reporter.notice({ kind: 'source', source: watcher.source.kind, reason: watcher.source.reason });
  reportWitness(watcher, reporter);
  const runUps = new RunUps(recordsRunUps === true && options.capture === undefined);
  runUps.report(reporter);
  const end = () => {
    standardOutput.hurry();
    watcher.close();
  };
  for (const signal of endSignals) process.once(signal, end);
  standardOutput.onLeftOut((lines) => reporter.notice({ kind: 'unread', lines }));
  process.stdout.once('error', watcher.close);
  const eventReporter = new EventReporter(reporter, options.capture);
  for await (const event of watchEvents(watcher)) {
    const isKill = event.kind === 'kill';
    eventReporter.report(isKill ? { ...event, kill: runUps.addTo(event.kill) } : event);
  }
  runUps.close();
  summarizeWatch(watcher, options.capture, reporter);
}
