import { recurrenceWords } from '@oomwatcher/explain';
import type { Status } from '../api/status.js';
import { duration } from './words.js';

/** What a person asks first: who was killed last, of what, how often, and whether it goes on. */
export interface Headline {
  sentence: string;
  /** undefined: there is nothing more to say. */
  often: string | undefined;
}

/** A workload that was killed so often today has an interval. */
const minKills = 3;
/** It goes on while the next one is not overdue; what comes every second may pause for a minute. */
const overdue = 2;
const minQuietMs = 60_000;

export function headline({ newest }: Pick<Status, 'newest'>, nowMs: number): Headline {
  if (newest === undefined) return { sentence: 'No kill on this node yet.', often: undefined };
  const { name = 'A process whose line was lost', timeMs, recurrence } = newest;
  const agoMs = Math.max(0, nowMs - timeMs);
  const ago = agoMs < 2000 ? 'just now' : `${duration(agoMs)} ago`;
  const sentence = `${name} was killed ${ago}.`;
  if (recurrence === undefined) return { sentence, often: undefined };
  const { nth, everyMs = 0 } = recurrence;
  const words = recurrenceWords({ ...recurrence, isToday: isSameDay(timeMs, nowMs) });
  const goesOn = agoMs < Math.max(minQuietMs, overdue * everyMs);
  return {
    sentence,
    often: `${words}.${nth >= minKills && goesOn ? ' It is still going on.' : ''}`,
  };
}

function isSameDay(aMs: number, bMs: number): boolean {
  return new Date(aMs).toDateString() === new Date(bMs).toDateString();
}
