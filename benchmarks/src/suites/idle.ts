import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const agent = join(import.meta.dirname, '../../../packages/agent/bin/oomwatcher');
const settlingMs = 3000;

export interface IdleResult {
  seconds: number;
  /** Processor time of all threads, part of one core; 0.001 = 0.1 %. */
  cpu: number;
  residentMiB: number;
}

/** What `oomwatcher watch` costs while nothing is killed. */
export async function idle(seconds: number): Promise<IdleResult> {
  const child = spawn(agent, ['watch', '--json'], { stdio: 'ignore' });
  try {
    await sleep(settlingMs);
    const pid = child.pid as number;
    const start = performance.now();
    const before = cpuNs(pid);
    await sleep(seconds * 1000);
    const cpu = (cpuNs(pid) - before) / ((performance.now() - start) * 1e6);
    return { seconds, cpu, residentMiB: residentMiB(pid) };
  } finally {
    child.kill();
    await once(child, 'close');
  }
}

/** From schedstat: the ticks of /proc/PID/stat are 10 ms, a sixth of what a minute may cost. */
function cpuNs(pid: number): number {
  return readdirSync(`/proc/${pid}/task`)
    .map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1'))
    .reduce((sum, text) => sum + Number(text.split(' ')[0]), 0);
}

function residentMiB(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}
