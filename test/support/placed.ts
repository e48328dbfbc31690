import type { Kill } from '@oomwatcher/oom';
import { expect } from 'vitest';
import type { Truth } from './storm.ts';

/** Every kill was reported once, with its own name. Kills that only a counter reported have no victim. */
export function expectEachOnce(reported: Kill[], { children }: Truth): void {
  expect(reported).toHaveLength(children.length);
  expect(new Set(reported.map(({ id }) => id)).size).toBe(children.length);
  const nameOf = new Map(children.map(({ pid, comm }) => [pid, comm]));
  const victims = reported.flatMap(({ victim }) => victim ?? []);
  expect(new Set(victims.map(({ pid }) => pid)).size).toBe(victims.length);
  for (const { pid, name } of victims) expect(name).toBe(nameOf.get(pid));
}

/** No kill was reported in another's cgroup, and no cgroup has more than the kernel counted. @returns how many have theirs. */
export function expectNoneWrong(reported: Kill[], { children, totals }: Truth): number {
  const cgroupOf = new Map(children.map(({ pid, cgroup }) => [pid, cgroup]));
  const placed = reported.filter(({ cgroup }) => cgroup?.victim !== undefined);
  for (const { victim, cgroup } of placed) {
    if (victim !== undefined) expect(cgroup?.victim).toBe(cgroupOf.get(victim.pid));
  }
  let counted = 0;
  for (const { path, oomKillBefore, oomKillAfter } of totals.cgroups) {
    const kills = (oomKillAfter ?? 0) - (oomKillBefore ?? 0);
    const here = placed.filter(({ cgroup }) => cgroup?.victim === path);
    expect(here.length, path).toBeLessThanOrEqual(kills);
    counted += kills;
  }
  expect(counted).toBe(children.length);
  return placed.length;
}

/**
 * How many kills /proc and the counters still place depends on the machine's speed and on who else uses it: their share is
 * a figure (`node test/storms.ts`). That they place any is a test: of up to three storms, for chance is inherent.
 * @param placedInStorm causes kills and returns how many were placed that the log alone does not place.
 */
export async function expectSomeOfStorms(placedInStorm: () => Promise<number>): Promise<void> {
  for (let storms = 1; storms <= 3; storms++) if ((await placedInStorm()) > 0) return;
  expect.fail('three storms, and no kill was placed by more than the log');
}
