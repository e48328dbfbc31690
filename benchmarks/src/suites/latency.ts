import type { Kill } from '@oomwatcher/oom';
import { Agent } from '@oomwatcher/test/agent';
import { runStorm } from '@oomwatcher/test/storm';
import { quietConsole } from '../support/quiet-console.ts';
import { quantile } from '../support/statistics.ts';

export interface LatencyResult {
  /** The kernel prints to its consoles as this machine is set up. */
  asIs: Latency;
  /** The kernel prints nothing to a console: what the kill itself and the agent take. */
  quietConsole: Latency;
}

export interface Latency {
  kills: number;
  /** From the kernel's time of the kill line to the JSON line's arrival at a reader of the agent's stdout. */
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

/** Kills one after another, so that a core is free, and how long each takes to be a line. */
export async function latency(kills: number): Promise<LatencyResult> {
  const asIs = await latencyOf(kills);
  using _quiet = quietConsole();
  return { asIs, quietConsole: await latencyOf(kills) };
}

/** The kernel's time of a line is turned into the wall clock by the agent (`time`), to well below a millisecond. */
async function latencyOf(kills: number): Promise<Latency> {
  await using agent = await Agent.watching(['watch', '--json']);
  await runStorm({ kills, cgroups: 4, parallel: 1 });
  await agent.until('reports every kill', () => agent.kills('storm').length >= kills || undefined);
  const wallOfMonotonicMs =
    performance.timeOrigin + performance.now() - Number(process.hrtime.bigint()) / 1e6;
  const delays = agent.stdout.flatMap(({ text, atMonotonicUs }) => {
    const { time, victim } = JSON.parse(text) as Kill;
    if (time === undefined || !victim?.name.startsWith('storm')) return [];
    const microseconds = Number(/\.\d{3}(\d{3})/.exec(time)?.[1] ?? 0);
    return wallOfMonotonicMs + atMonotonicUs / 1000 - (Date.parse(time) + microseconds / 1000);
  });
  return {
    kills: delays.length,
    p50Ms: quantile(delays, 0.5),
    p99Ms: quantile(delays, 0.99),
    maxMs: Math.max(...delays),
  };
}
