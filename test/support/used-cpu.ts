import { appendFileSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { root } from './paths.ts';

/** proc_pid_stat(5): ticks of the process and of the children it waited for. USER_HZ is 100 on every Linux. */
function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
}

/**
 * Adds a line to the file that OOMWATCHER_TEST_CPU names: CPU seconds of a test file's worker and of the children that it
 * waited for, seconds from its start to its end, and its path. Wall-clock time alone says more about the machine's other
 * work than about the tests.
 */
export function writeUsedCpu(pid: number, seconds: number, files: string[]): void {
  const to = process.env.OOMWATCHER_TEST_CPU;
  if (to === undefined) return;
  const names = files.map((file) => relative(root, file)).join(' ');
  appendFileSync(to, `${(ticksOf(pid) / 100).toFixed(2)} ${seconds.toFixed(2)} ${names}\n`);
}
