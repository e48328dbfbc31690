import { mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openOomWitness } from '@oomwatcher/kmsg';
import { Agent } from '@oomwatcher/test/agent';
import { Witness } from '@oomwatcher/test/oom-witness';
import { cpuMs, residentBytes } from '@oomwatcher/test/process-usage';
import { runStorm } from '@oomwatcher/test/storm';
import { findMemoryHierarchy } from '@oomwatcher/watcher';
import { machineLine } from '../support/machine-line.ts';
import { median, quantile } from '../support/statistics.ts';

/** The same figure of an agent without the witness in the kernel, and with it; medians of turns in one run. */
export interface Pair {
  without: number;
  with: number;
}

export interface WitnessResult {
  machine: string;
  measuredOn: string;
  kills: number;
  /** From the mark in the kernel, by the benchmark's own witness, to the JSON line's arrival at a reader of stdout. */
  toLineP50Ms: Pair;
  toLineP99Ms: Pair;
  /** To the record in the addon's hands. */
  toAddonP50Ms: number;
  toAddonP99Ms: number;
  cgroups: number;
  /** Processor time of the agent for a kill while so many idle cgroups are there, one kill a second. */
  cpuPerKillMs: Pair;
  idleSeconds: number;
  /** Part of one core. */
  idleCpu: Pair;
  residentMiB: Pair;
  startCpuMs: Pair;
  /** What a signal costs that a process sends itself. */
  signalNs: Pair;
}

export interface WitnessRun {
  turns: number;
  /** In each turn. */
  kills: number;
  cgroups: number;
  killsAmongCgroups: number;
  idleSeconds: number;
}

export const fullWitness: WitnessRun = {
  turns: 3,
  kills: 60,
  cgroups: 4000,
  killsAmongCgroups: 5,
  idleSeconds: 20,
};
export const quickWitness: WitnessRun = {
  turns: 1,
  kills: 20,
  cgroups: 100,
  killsAmongCgroups: 2,
  idleSeconds: 3,
};

const settlingMs = 3000;
/** The first kills compile what all others run. */
const warmUp = 3;
const signals = 20_000;

/** What the witness in the kernel gains and costs. Needs a kernel that takes it, and root. */
export async function witness(run: WitnessRun): Promise<WitnessResult> {
  const delays = await latencies(run);
  const toLine = (part: number) => ({
    without: quantile(delays.without, part),
    with: quantile(delays.with, part),
  });
  return {
    machine: machineLine(),
    measuredOn: new Date().toISOString().slice(0, 10),
    kills: delays.with.length,
    toLineP50Ms: toLine(0.5),
    toLineP99Ms: toLine(0.99),
    toAddonP50Ms: quantile(delays.toAddon, 0.5),
    toAddonP99Ms: quantile(delays.toAddon, 0.99),
    cgroups: run.cgroups,
    cpuPerKillMs: await amongCgroups(run),
    ...(await atRest(run)),
    startCpuMs: await inTurns(run.turns, startCpu),
    signalNs: await inTurns(3 * run.turns, signalCost),
  };
}

type How = 'off' | 'require';

async function inTurns(turns: number, measure: (how: How) => Promise<number>): Promise<Pair> {
  const without: number[] = [];
  const witnessed: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    without.push(await measure('off'));
    witnessed.push(await measure('require'));
  }
  return { without: median(without), with: median(witnessed) };
}

const agentWith = (how: How) => Agent.watching(['watch', '--json', '--witness', how]);

/** Kills one after another, so that a core is free. */
async function latencies({ turns, kills }: WitnessRun) {
  const delays = { without: [] as number[], with: [] as number[], toAddon: [] as number[] };
  for (let turn = 0; turn < turns; turn++) {
    for (const how of ['off', 'require'] as const) {
      using told = new Witness();
      await using agent = await agentWith(how);
      const { children } = await runStorm({ kills, cgroups: 4, parallel: 1, comm: 'bench' });
      await agent.until('has all', () => agent.kills('bench').length >= kills || undefined);
      await told.settle();
      const own = new Set(children.map(({ pid }) => pid));
      const records = told.kills().filter(({ process: { pid } }) => own.has(pid));
      const markedUs = new Map(
        records.map(({ process, monotonicUs }) => [process.pid, monotonicUs]),
      );
      for (const { text, atMonotonicUs } of agent.stdout) {
        const pid: number | undefined = JSON.parse(text).victim?.pid;
        const atUs = pid === undefined ? undefined : markedUs.get(pid);
        if (pid === undefined || atUs === undefined) continue;
        markedUs.delete(pid);
        delays[how === 'off' ? 'without' : 'with'].push((atMonotonicUs - atUs) / 1000);
      }
      for (const { takenMonotonicUs, monotonicUs } of records)
        delays.toAddon.push((takenMonotonicUs - monotonicUs) / 1000);
    }
  }
  return delays;
}

async function amongCgroups({ turns, cgroups, killsAmongCgroups: kills }: WitnessRun) {
  const { root = '' } = findMemoryHierarchy() ?? {};
  const idle = Array.from({ length: cgroups }, (_, index) =>
    join(root, `oomwatcher-idle-${process.pid}-${index}`),
  );
  for (const folder of idle) mkdirSync(folder);
  try {
    return await inTurns(turns, async (how) => {
      await using agent = await agentWith(how);
      const oneASecond = async (count: number) => {
        for (let kill = 0; kill < count; kill++) {
          await runStorm({ kills: 1, comm: 'among' });
          await sleep(1000);
        }
      };
      await sleep(settlingMs);
      await oneASecond(warmUp);
      const beforeMs = cpuMs(agent.pid);
      await oneASecond(kills);
      const all = warmUp + kills;
      await agent.until('has all', () => agent.kills('among').length >= all || undefined);
      return (cpuMs(agent.pid) - beforeMs) / kills;
    });
  } finally {
    for (const folder of idle) rmdirSync(folder);
  }
}

/** Both at once: nothing disturbs the one more than the other. */
async function atRest({ idleSeconds }: WitnessRun) {
  await using without = await agentWith('off');
  await using witnessed = await agentWith('require');
  await sleep(settlingMs);
  const start = performance.now();
  const before = { without: cpuMs(without.pid), with: cpuMs(witnessed.pid) };
  await sleep(idleSeconds * 1000);
  const elapsedMs = performance.now() - start;
  return {
    idleSeconds,
    idleCpu: {
      without: (cpuMs(without.pid) - before.without) / elapsedMs,
      with: (cpuMs(witnessed.pid) - before.with) / elapsedMs,
    },
    residentMiB: {
      without: residentBytes(without.pid) / 1024 ** 2,
      with: residentBytes(witnessed.pid) / 1024 ** 2,
    },
  };
}

async function startCpu(how: How): Promise<number> {
  await using agent = await agentWith(how);
  return cpuMs(agent.pid);
}

/** One that is ignored: the kernel's tracepoint sees it, and nothing is delivered. */
async function signalCost(how: How): Promise<number> {
  const loaded = how === 'off' ? undefined : openOomWitness({}, () => {});
  const before = process.cpuUsage();
  for (let signal = 0; signal < signals; signal++) process.kill(process.pid, 'SIGWINCH');
  const { user, system } = process.cpuUsage(before);
  loaded?.close();
  return ((user + system) * 1000) / signals;
}
