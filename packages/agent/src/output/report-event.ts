import type { OomEvent } from '@oomwatcher/oom';
import type { Reporter } from './reporter.js';

/** Reports one event of a log, live or captured; a repeat is only counted. */
export function reportEvent(event: OomEvent, reporter: Reporter): void {
  switch (event.kind) {
    case 'kill':
      return reporter.kill(event.kill);
    case 'amendment':
      return reporter.amendment(event.amendment);
    case 'outcome':
      return reporter.outcome(event.outcome);
    case 'notice':
      return reporter.notice(event.notice);
    case 'forged':
      return reporter.notice({ kind: 'forged', seq: Number(event.seq), text: event.text });
  }
}
