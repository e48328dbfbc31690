import { isFromKernel, type OomLine } from './line.js';
import { understands } from './lines/index.js';
import type { OomMachine } from './machine.js';

/** Words that only the OOM killer's reports have: who writes of memory otherwise does not write them so. */
const ownWords =
  /invoked oom-killer|oom-kill:constraint=|Kill(?:ed)? process \d+[ ,]|killed as a result of limit of|memory\.oom\.group set/;

/** The beginning of a line that the kernel printed in pieces: the rest may follow. */
const beginning = /^(?:oom-kill:constraint=(?!.*,task=)|Tasks? in )|nodemask=[^ ]*$/;

/** Whether a line that nothing was read from should have been. */
export function hasOwnWords(text: string): boolean {
  return ownWords.test(text) && !beginning.test(text);
}

/** Gives the machine the line. False: it is in the OOM killer's own words, and nothing was read from it. */
export function pushUnderstood(machine: OomMachine, line: OomLine): boolean {
  if (!hasOwnWords(line.text)) {
    machine.push(line);
    return true;
  }
  const { forged, outcomes } = machine.stats;
  machine.push(line);
  if (isFromKernel(line)) return understands(line.text);
  return machine.stats.forged + machine.stats.outcomes > forged + outcomes;
}
