import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { accountBegins } from '@oomwatcher/test/account-begins';
import { Agent } from '@oomwatcher/test/agent';
import { reportedBy, score } from '@oomwatcher/test/score';
import { runStorm, type StormOptions } from '@oomwatcher/test/storm';
import { buildFlood } from '../support/build-native.ts';

/** The writers would take hours for so many; they are ended. */
const floodRecords = 1_000_000_000;
const floodMs = 6000;

export interface StormResult {
  what: string;
  kills: number;
  /** How many of them the kernel printed a report for, which is what kubelet's oomWatcher can find. */
  reports: number;
  reported: number;
  rightCgroup: number;
  wrongCgroup: number;
  unaccounted: number;
  /** Records that the log lost before they were read. */
  lost: number;
}

const storms: { what: string; options: StormOptions; floods?: number }[] = [
  { what: '6 cgroups, 8 kills at a time', options: { cgroups: 6, parallel: 8 } },
  {
    what: '60 cgroups, each removed right after its kill',
    options: { cgroups: 60, kills: 60, parallel: 8, brief: true },
  },
  {
    what: '6 cgroups, 8 at a time, two programs flooding the log',
    // A kill whose line was lost is found by its cgroup's counter, once the log is calm.
    options: { cgroups: 6, parallel: 8, lingerMs: 8000 },
    floods: 2,
  },
];

/** Real storms on this machine, one agent each; the truth is what wait(2) and the kernel's counters say. */
export async function storm(kills: number): Promise<StormResult[]> {
  const results: StormResult[] = [];
  for (const { what, options, floods } of storms) {
    results.push(await measure(what, { kills, ...options }, floods ?? 0));
  }
  return results;
}

async function measure(what: string, options: StormOptions, floods: number): Promise<StormResult> {
  await using agent = await Agent.watching(['watch', '--json']);
  await accountBegins(agent.pid);
  const running = runStorm({ ...options, comm: 'bench-%i' });
  if (floods > 0) await flood(floods);
  const truth = await running;
  const kills = () => reportedBy(agent, 'bench-');
  await agent.until(
    'reports every kill',
    () => kills().length >= truth.children.length || undefined,
    20_000,
  );
  await agent.stop();
  const { reported, placed, wrong, unaccounted, lost } = score(agent, kills(), truth);
  return {
    what,
    kills: truth.totals.kills,
    reports: kills().filter(({ trigger }) => trigger !== undefined).length,
    reported,
    rightCgroup: placed,
    wrongCgroup: wrong,
    unaccounted,
    lost,
  };
}

async function flood(writers: number): Promise<void> {
  // A group of its own: the program is the parent of its writers.
  const program = spawn(buildFlood(), [String(floodRecords), String(writers)], {
    detached: true,
    stdio: 'ignore',
  });
  await sleep(floodMs);
  process.kill(-(program.pid as number), 'SIGKILL');
}
