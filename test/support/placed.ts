import type { Kill } from '@oomwatcher/oom';
import { expect } from 'vitest';
import type { Truth } from './storm.ts';

/** Every kill was told once, with its own name. Kills that only a counter told of have no victim. */
export function expectEachOnce(told: Kill[], { children }: Truth): void {
  expect(told).toHaveLength(children.length);
  expect(new Set(told.map(({ id }) => id)).size).toBe(children.length);
  const nameOf = new Map(children.map(({ pid, comm }) => [pid, comm]));
  const victims = told.flatMap(({ victim }) => victim ?? []);
  expect(new Set(victims.map(({ pid }) => pid)).size).toBe(victims.length);
  for (const { pid, name } of victims) expect(name).toBe(nameOf.get(pid));
}

/** No kill was told in another's cgroup, and no cgroup has more than the kernel counted. @returns how many have theirs. */
export function expectNoneWrong(told: Kill[], { children, totals }: Truth): number {
  const cgroupOf = new Map(children.map(({ pid, cgroup }) => [pid, cgroup]));
  const placed = told.filter(({ cgroup }) => cgroup?.victim !== undefined);
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
 * Chance is inherent in what /proc still tells of the dying, and a test machine may be busy just then: it is the share
 * of up to three storms that counts. What a quiet machine gives is in ARCHITECTURE.md.
 * @param placedInStorm causes so many kills and returns how many were placed.
 */
export async function expectShareOfStorms(
  share: number,
  kills: number,
  placedInStorm: () => Promise<number>,
): Promise<void> {
  let placed = 0;
  for (let storms = 1; storms <= 3; storms++) {
    placed += await placedInStorm();
    if (placed >= storms * kills * share) return;
  }
  expect(placed, 'placed in three storms').toBeGreaterThanOrEqual(3 * kills * share);
}
