import { readdirSync, readFileSync } from 'node:fs';

/** The name of the addon's thread (native/src/core/drain.cc). */
const drainThread = 'oomw-kmsg';

const nothing = new Int32Array(new SharedArrayBuffer(4));

/**
 * Processor time of this thread, nanoseconds. The kernel adds it up at its ticks, which are milliseconds apart, and when
 * the thread leaves its core: so it does.
 */
export function threadCpuNs(): number {
  Atomics.wait(nothing, 0, 0, 0.01);
  const { user, system } = process.threadCpuUsage();
  return (user + system) * 1000;
}

/** Processor time that the drain thread has used, nanoseconds; 0 when there is none. */
export function drainThreadCpuNs(): number {
  for (const thread of readdirSync('/proc/self/task')) {
    const folder = `/proc/self/task/${thread}`;
    if (readFileSync(`${folder}/comm`, 'latin1').trim() !== drainThread) continue;
    return Number(readFileSync(`${folder}/schedstat`, 'latin1').split(' ')[0]);
  }
  return 0;
}
