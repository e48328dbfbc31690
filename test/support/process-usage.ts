import { globSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

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

/**
 * Until so much time has passed for a process: what its threads waited for a processor meanwhile is added, so that a busy
 * machine gives it as much as an idle one does.
 */
export async function hasRun(pid: number, milliseconds: number): Promise<void> {
  const begunMs = performance.now();
  const before = waitedMs(pid);
  for (let leftMs = milliseconds; leftMs > 0; ) {
    await sleep(leftMs);
    const waited = [...waitedMs(pid)].map(([thread, ms]) => ms - (before.get(thread) ?? 0));
    leftMs = milliseconds + Math.max(0, ...waited) - (performance.now() - begunMs);
  }
}

/** How long each of its threads has been ready to run, and another one ran (proc_pid_schedstat, second field). */
function waitedMs(pid: number): Map<string, number> {
  return new Map(
    globSync(`/proc/${pid}/task/*/schedstat`).map((path) => [
      path,
      Number(readFileSync(path, 'utf8').split(' ')[1]) / 1e6,
    ]),
  );
}
