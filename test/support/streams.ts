import { readFileSync } from 'node:fs';

/** What a test needs that kills processes, writes to the kernel's log, or tells what all of the machine have done there. */
const needsOnTheLog = /\b(oomKills|writableKernelLog|ratelimitedLog|kernelWitness|nodeTests)\b/;

/** Whether the tests of this file must run one after the other: they would read each other's kills and floods. */
export function isOnTheLog(file: string): boolean {
  return needsOnTheLog.test(readFileSync(file, 'utf8'));
}
