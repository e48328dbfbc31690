import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { root } from './paths.ts';

/** What a test needs that kills processes, writes to the kernel's log, or tells what all of the machine have done there. */
const needsOnTheLog = /\b(oomKills|writableKernelLog|ratelimitedLog|kernelWitness|nodeTests)\b/;

/**
 * Whole workspaces whose tests run there: most of them read the log, and a running agent that is measured, or a real API
 * server with 300 nodes, took more than ten minutes beside tests that load all processors.
 */
const foldersOnTheLog =
  /^(examples|native|packages\/(kmsg|watcher)|test\/(kubernetes|node))\/|^test\/[^/]+$/;

/** Whether the tests of this file must run one after the other: they would read each other's kills and floods. */
export function isOnTheLog(file: string): boolean {
  return (
    foldersOnTheLog.test(relative(root, file)) || needsOnTheLog.test(readFileSync(file, 'utf8'))
  );
}
