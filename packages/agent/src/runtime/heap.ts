import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { endWhenOutOfMemory } from '@oomwatcher/kmsg';
import { ExitCode } from '../exit-codes.js';

/**
 * By how much V8 may let the heap grow between two collections, percent of what was in use. By itself it takes up to
 * three times that, and keeps it: a flood of requests left 220 MiB resident where 25 MiB were in use, and 140 with this.
 */
const growthPercent = 30;

/**
 * For whatever runs for months in a small cgroup: a small heap, and a clear end where it is too small.
 *
 * @param left what is true when it has ended, in words
 */
export function boundHeap(left: string): void {
  setFlagsFromString(`--heap-growing-percent=${growthPercent}`);
  // The young generation stays at 1 MiB: it would grow to 16 in a storm, and to 128 on machines with much memory, stay
  // there, and be no faster. Its greatest size can only be given at the start; that it grows, also here.
  setFlagsFromString('--semi-space-growth-factor=1');
  const limitMiB = Math.round(getHeapStatistics().heap_size_limit / 1024 ** 2);
  endWhenOutOfMemory(
    `oomwatcher: the agent needs more memory than Node's heap may have (${limitMiB} MiB): give its cgroup more memory, or name more by NODE_OPTIONS=--max-old-space-size=MiB; ${left}`,
    ExitCode.outOfMemory,
  );
}
