import { recurrenceWords } from '@oomwatcher/explain';
import type { Status } from '../api/status.js';
import { words } from './language/language.js';

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

/** @param isBesideKill it stands above another kill's: it says which one it is of, and no more */
export function headline(
  { newest }: Pick<Status, 'newest'>,
  nowMs: number,
  isBesideKill = false,
): Headline {
  const said = words().head;
  if (newest === undefined) return { sentence: said.noKill, often: undefined };
  const { name = said.lostVictim, timeMs, recurrence } = newest;
  const agoMs = Math.max(0, nowMs - timeMs);
  const ago = agoMs < 2000 ? said.justNow : words().formats.ago(agoMs);
  const sentence = said.wasKilled(name, ago);
  if (isBesideKill) return { sentence: said.newest(sentence), often: undefined };
  if (recurrence === undefined) return { sentence, often: undefined };
  const { nth, everyMs = 0 } = recurrence;
  const counts = { ...recurrence, isToday: isSameDay(timeMs, nowMs) };
  const often = words().sentence(recurrenceWords(counts, words().explanation));
  const goesOn = agoMs < Math.max(minQuietMs, overdue * everyMs);
  return {
    sentence,
    often: nth >= minKills && goesOn ? `${often}${words().kill.between}${said.goesOn}` : often,
  };
}

function isSameDay(aMs: number, bMs: number): boolean {
  return new Date(aMs).toDateString() === new Date(bMs).toDateString();
}
