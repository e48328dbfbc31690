import { runStorm } from '@oomwatcher/test/storm';
import { LiveAgent } from '../support/live-agent.ts';
import { quantile } from '../support/statistics.ts';

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
  const delays: number[] = [];
  await using agent = await LiveAgent.start(({ time, victim }) => {
    const nowMs = performance.timeOrigin + performance.now();
    if (time === undefined || !victim?.name.startsWith('storm')) return;
    const microseconds = Number(/\.\d{3}(\d{3})/.exec(time)?.[1] ?? 0);
    delays.push(nowMs - (Date.parse(time) + microseconds / 1000));
  });
  await runStorm({ kills, cgroups: 4, parallel: 1 });
  await agent.until('tells every kill', () => delays.length >= kills);
  return {
    kills: delays.length,
    p50Ms: quantile(delays, 0.5),
    p99Ms: quantile(delays, 0.99),
    maxMs: Math.max(...delays),
  };
}
