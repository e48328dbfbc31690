import type { Kill } from '@oomwatcher/oom';
import type { Agent } from './agent.ts';
import type { Truth } from './storm.ts';

/** storm.c's cgroups, where no others are named. */
const stormCgroup = /\/storm-\d+\//;

/** Kills of a storm: by name, and those whose lines were lost by their cgroup, for others kill on this machine too. */
export function isOf(prefix: string): (kill: Kill) => boolean {
  return ({ victim, cgroup }) =>
    victim === undefined
      ? cgroup?.victim === undefined || stormCgroup.test(cgroup.victim)
      : victim.name.startsWith(prefix);
}

/** Kills of the storm whose names begin so, also those without a victim: their lines were lost. */
export function reportedBy(agent: Agent, prefix: string): Kill[] {
  return agent.reported().filter(isOf(prefix));
}

/**
 * The same when it is known where the storm was. A kill without a victim and without a cgroup may be of anybody: no more of
 * these are counted than are missing.
 */
export function reportedOf(agent: Agent, prefix: string, { children }: Truth): Kill[] {
  const cgroups = new Set(children.map(({ cgroup }) => cgroup));
  const reported = agent.reported();
  const own = reported.filter(({ victim, cgroup }) =>
    victim === undefined
      ? cgroup?.victim !== undefined && cgroups.has(cgroup.victim)
      : victim.name.startsWith(prefix),
  );
  const anybodys = reported.filter(
    ({ victim, cgroup }) => victim === undefined && cgroup?.victim === undefined,
  );
  return [...own, ...anybodys.slice(0, Math.max(0, children.length - own.length))];
}

/** What an agent that has ended reported of a storm, against what wait(2) and the kernel's counters say. */
export interface Score {
  reported: number;
  placed: number;
  wrong: number;
  byLog: number;
  byProc: number;
  byCounter: number;
  /** Cgroups for which the agent reported other than the kernel counted. */
  differing: number;
  unaccounted: number;
  lost: number;
}

export function score(agent: Agent, reported: readonly Kill[], { children, totals }: Truth): Score {
  const cgroupOf = new Map(children.map(({ pid, cgroup }) => [pid, cgroup]));
  const from = (origin: string) => reported.filter(({ cgroup }) => cgroup?.from === origin).length;
  const placed = reported.filter(
    ({ victim, cgroup }) => victim !== undefined && cgroup?.victim !== undefined,
  );
  const right = placed.filter(
    ({ victim, cgroup }) => cgroup?.victim === cgroupOf.get(victim?.pid ?? 0),
  );
  const countOf = (path: string) => placed.filter(({ cgroup }) => cgroup?.victim === path).length;
  const [summary] = agent.notices('summary');
  return {
    reported: reported.length,
    placed: right.length,
    wrong: placed.length - right.length,
    byLog: from('log'),
    byProc: from('proc'),
    byCounter: from('counter'),
    differing: totals.cgroups.filter(
      ({ path, oomKillBefore, oomKillAfter }) =>
        countOf(path) !== (oomKillAfter ?? 0) - (oomKillBefore ?? 0),
    ).length,
    unaccounted: Number(summary?.unaccounted),
    lost: Number(summary?.lost),
  };
}
