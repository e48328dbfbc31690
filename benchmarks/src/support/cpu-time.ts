import { readdirSync, readFileSync } from 'node:fs';

/** The name of the addon's thread (native/src/core/drain.cc). */
const drainThread = 'oomw-kmsg';

const nothing = new Int32Array(new SharedArrayBuffer(4));

/**
 * Processor time of this thread, nanoseconds. The kernel adds it up at its ticks, which are milliseconds apart, and when
 * the thread leaves its core: so it does. A wait that is over before it begins would not leave it, which a slow machine
 * had now and then.
 */
export function threadCpuNs(): number {
  const { timeslices } = schedstat('/proc/thread-self');
  for (;;) {
    Atomics.wait(nothing, 0, 0, 0.01);
    const now = schedstat('/proc/thread-self');
    if (now.timeslices !== timeslices) return now.cpuNs;
  }
}

/** Processor time that the drain thread has used, nanoseconds; 0 when there is none. */
export function drainThreadCpuNs(): number {
  for (const thread of readdirSync('/proc/self/task')) {
    const folder = `/proc/self/task/${thread}`;
    if (readFileSync(`${folder}/comm`, 'latin1').trim() === drainThread) {
      return schedstat(folder).cpuNs;
    }
  }
  return 0;
}

/** A thread's time on a core, and how often it was given one (Linux Documentation/scheduler/sched-stats.rst). */
function schedstat(thread: string): { cpuNs: number; timeslices: number } {
  const [cpuNs, , timeslices] = readFileSync(`${thread}/schedstat`, 'latin1').split(' ');
  return { cpuNs: Number(cpuNs), timeslices: Number(timeslices) };
}
