import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from '@oomwatcher/test/agent';
import { cpuMs, residentBytes } from '@oomwatcher/test/process-usage';

const settlingMs = 3000;

export interface IdleResult {
  seconds: number;
  /** Processor time of all threads, part of one core; 0.001 = 0.1 %. */
  cpu: number;
  residentMiB: number;
}

/** What `oomwatcher watch` costs while nothing is killed. */
export async function idle(seconds: number): Promise<IdleResult> {
  await using agent = new Agent(['watch', '--json']);
  await sleep(settlingMs);
  const start = performance.now();
  const before = cpuMs(agent.pid);
  await sleep(seconds * 1000);
  const cpu = (cpuMs(agent.pid) - before) / (performance.now() - start);
  return { seconds, cpu, residentMiB: residentBytes(agent.pid) / 1024 ** 2 };
}
