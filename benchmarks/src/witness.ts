/**
 * What a witness in the kernel costs and gains: `node src/witness.ts [kills] [cgroups]`, both agents in turns. With
 * `cgroups` so many idle memory cgroups are there. Needs a kernel that takes the witness, and root.
 */
import { mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kill } from '@oomwatcher/oom';
import { Agent } from '@oomwatcher/test/agent';
import { cpuMs, residentBytes } from '@oomwatcher/test/process-usage';
import { runStorm } from '@oomwatcher/test/storm';
import { findMemoryHierarchy } from '@oomwatcher/watcher';
import { median, quantile } from './support/statistics.ts';

interface Turn {
  startCpuMs: number;
  residentMiB: number;
  cpuPerKillMs: number;
  delaysMs: number[];
}

const turns = 3;
const settlingMs = 3000;
const [kills = 30, cgroups = 0] = process.argv.slice(2).map(Number);

const idle = Array.from({ length: cgroups }, (_, index) =>
  join(findMemoryHierarchy()?.root ?? '', `oomwatcher-idle-${process.pid}-${index}`),
);
for (const folder of idle) mkdirSync(folder);
try {
  const without: Turn[] = [];
  const witnessed: Turn[] = [];
  for (let turn = 0; turn < turns; turn++) {
    without.push(await measure('off'));
    witnessed.push(await measure('require'));
  }
  const figures: [string, (turns: readonly Turn[]) => number][] = [
    ['start, ms of processor time', (all) => median(all.map(({ startCpuMs }) => startCpuMs))],
    ['resident, MiB', (all) => median(all.map(({ residentMiB }) => residentMiB))],
    ['processor time a kill, ms', (all) => median(all.map(({ cpuPerKillMs }) => cpuPerKillMs))],
    [
      'kill to JSON line, p50 ms',
      (all) =>
        quantile(
          all.flatMap(({ delaysMs }) => delaysMs),
          0.5,
        ),
    ],
    [
      'kill to JSON line, p99 ms',
      (all) =>
        quantile(
          all.flatMap(({ delaysMs }) => delaysMs),
          0.99,
        ),
    ],
  ];
  console.log(`${turns} turns of ${kills} kills, ${cgroups} idle cgroups: without, with, ratio`);
  for (const [what, figure] of figures) {
    const [before, after] = [figure(without), figure(witnessed)];
    const numbers = [before, after, after / before].map((number) => number.toFixed(2).padStart(9));
    console.log(`${what.padEnd(28)}${numbers.join('')}`);
  }
} finally {
  for (const folder of idle) rmdirSync(folder);
}

async function measure(witness: 'off' | 'require'): Promise<Turn> {
  await using agent = await Agent.watching(['watch', '--json', '--witness', witness]);
  const startCpuMs = cpuMs(agent.pid);
  await sleep(settlingMs);
  const residentMiB = residentBytes(agent.pid) / 1024 ** 2;
  const beforeMs = cpuMs(agent.pid);
  await runStorm({ kills, cgroups: 4, parallel: 1, comm: 'bench' });
  await agent.until('has every kill', () => agent.kills('bench').length >= kills || undefined);
  const cpuPerKillMs = (cpuMs(agent.pid) - beforeMs) / kills;
  const wallOfMonotonicMs =
    performance.timeOrigin + performance.now() - Number(process.hrtime.bigint()) / 1e6;
  const delaysMs = agent.stdout.flatMap(({ text, atMonotonicUs }) => {
    const { time, victim } = JSON.parse(text) as Kill;
    if (time === undefined || victim?.name !== 'bench') return [];
    const microseconds = Number(/\.\d{3}(\d{3})/.exec(time)?.[1] ?? 0);
    return wallOfMonotonicMs + atMonotonicUs / 1000 - (Date.parse(time) + microseconds / 1000);
  });
  return { startCpuMs, residentMiB, cpuPerKillMs, delaysMs };
}
