import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kill } from '@oomwatcher/oom';
import { runStorm } from '@oomwatcher/test/storm';
import { quantile } from '../support/statistics.ts';

const agent = join(import.meta.dirname, '../../../packages/agent/bin/oomwatcher');

export interface LatencyResult {
  kills: number;
  /** From the kernel's time of the kill line to the JSON line's arrival at a reader of the agent's stdout. */
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

/**
 * Kills one after another, so that a core is free, and how long each takes to be a line. The kernel's time of a line is
 * turned into the wall clock by the agent (`time`), whose drift correction is below a millisecond.
 */
export async function latency(kills: number): Promise<LatencyResult> {
  const child = spawn(agent, ['watch', '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    await watching(child.stderr);
    const delays: number[] = [];
    createInterface(child.stdout).on('line', (line) => {
      const nowMs = performance.timeOrigin + performance.now();
      const { time, victim } = JSON.parse(line) as Kill;
      if (time === undefined || !victim?.name.startsWith('storm')) return;
      const microseconds = Number(/\.\d{3}(\d{3})/.exec(time)?.[1] ?? 0);
      delays.push(nowMs - (Date.parse(time) + microseconds / 1000));
    });
    await runStorm({ kills, cgroups: 4, parallel: 1 });
    for (let waited = 0; delays.length < kills && waited < 50; waited++) await sleep(100);
    if (delays.length < kills) throw new Error(`${delays.length} of ${kills} kills came`);
    return {
      kills: delays.length,
      p50Ms: quantile(delays, 0.5),
      p99Ms: quantile(delays, 0.99),
      maxMs: Math.max(...delays),
    };
  } finally {
    child.kill();
    await once(child, 'close');
  }
}

async function watching(stderr: NodeJS.ReadableStream): Promise<void> {
  for await (const line of createInterface(stderr)) {
    if (line.includes('"kind":"watching"')) break;
  }
  stderr.resume();
}
