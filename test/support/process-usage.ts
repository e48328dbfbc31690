import { globSync, readFileSync } from 'node:fs';

/** Processor time of all threads, from the scheduler's own clock: ticks of 10 ms are too coarse for an idle process. */
export function cpuMs(pid: number): number {
  return globSync(`/proc/${pid}/task/*/schedstat`)
    .map((path) => Number(readFileSync(path, 'utf8').split(' ')[0]) / 1e6)
    .reduce((sum, ms) => sum + ms, 0);
}

/** How often its threads have slept and been woken. */
export function wakeUps(pid: number): number {
  return globSync(`/proc/${pid}/task/*/status`)
    .map((path) =>
      Number(/^voluntary_ctxt_switches:\s+(\d+)$/m.exec(readFileSync(path, 'utf8'))?.[1]),
    )
    .reduce((sum, count) => sum + count, 0);
}

export function residentBytes(pid: number): number {
  const kiB = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kiB) * 1024;
}
