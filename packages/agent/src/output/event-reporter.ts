import type { OomEvent } from '@oomwatcher/oom';
import type { WatchEvent, Watcher } from '@oomwatcher/watcher';
import { RateLimit } from './rate-limit.js';
import type { Reporter } from './reporter.js';

const device = '/dev/kmsg';

/** Forged records are all counted; notices are given of as many as the kernel prints real reports. */
const maxForgedNotices = 10;
const forgedWindowMs = 5000;

/** Reports what a watch gives out: the same words for everyone who watches. */
export class EventReporter {
  readonly #reporter: Reporter;
  readonly #capture: string | undefined;
  readonly #forgedNotices = new RateLimit(maxForgedNotices, forgedWindowMs);

  /** @param capture what is read instead of the live log */
  constructor(reporter: Reporter, capture: string | undefined) {
    this.#reporter = reporter;
    this.#capture = capture;
  }

  /** @param oftenOf how often the kill's workload was killed, in words */
  report(event: WatchEvent, oftenOf?: OftenOf): void {
    switch (event.kind) {
      case 'loss':
        return this.#reporter.notice({
          kind: 'loss',
          lost: event.lost,
          fromSeq: Number(event.seq),
        });
      case 'watching':
        if (this.#capture !== undefined) return;
        return this.#reporter.notice({
          kind: 'watching',
          what: device,
          fromSeq: Number(event.seq) + 1,
        });
      case 'repeat':
        return;
      case 'forged':
        if (!this.#forgedNotices.passes()) return;
        return reportEvent(event, this.#reporter);
      default:
        return reportEvent(event, this.#reporter, oftenOf);
    }
  }
}

type OftenOf = Parameters<Reporter['kill']>[1];

/** Reports one event of a log, live or captured; a repeat is only counted. */
export function reportEvent(event: OomEvent, reporter: Reporter, oftenOf?: OftenOf): void {
  switch (event.kind) {
    case 'kill':
      return reporter.kill(event.kill, oftenOf);
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

/** One line on whether the kernel itself reports kills, where that was asked for. */
export function reportWitness({ witness }: Watcher, reporter: Reporter): void {
  if (witness === undefined) return;
  const { live, reason } = witness;
  reporter.notice({ kind: 'witness', live, reason });
}
