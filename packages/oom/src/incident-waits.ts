import type { Incident } from './incident.js';

/**
 * After so long without a line a kill is alone, or an announced group is over. The kernel prints a group without a pause,
 * but on a serial console of 9600 baud a line takes 140 ms, and a CPU limit stops it for longer: then the group has been
 * given out when a member comes, and is amended.
 */
export const aloneAfterMs = 5;
const groupPauseMs = 200;

/** After so long without a line what has turned out is given out, and is final as far as anybody waits. */
export const finalAfterMs = 5000;

/** Milliseconds without a line after which what is held of it is given out. */
export function waitFor(incident: Incident): number {
  if (incident.group === undefined) return incident.killsGroup ? groupPauseMs : aloneAfterMs;
  return incident.isWhole ? aloneAfterMs : groupPauseMs;
}
