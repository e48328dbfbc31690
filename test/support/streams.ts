import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { root } from './paths.ts';

/** What `npm test` runs side by side (scripts/test.sh). */
export type Stream = 'on-the-log' | 'servers' | 'beside';

/** What a test needs that kills processes, writes to the kernel's log, or tells what all of the machine have done there. */
const needsOnTheLog =
  /\b(oomKills|writableKernelLog|ratelimitedLog|kernelWitness|nodeTests|runtimeTests)\b/;

/** Measure a running agent that reads the log: others' kills and floods would be measured, too. */
const measuring = /^test\/http\.test\.ts$/;

/** A real API server in each: beside tests that load all processors they took more than ten minutes, most of it waiting. */
const ofServers = /^test\/kubernetes\//;

/** The tests on the log run one after the other: they would read each other's kills and floods. */
export function streamOf(file: string): Stream {
  const path = relative(root, file);
  if (measuring.test(path) || needsOnTheLog.test(readFileSync(file, 'utf8'))) return 'on-the-log';
  return ofServers.test(path) ? 'servers' : 'beside';
}
